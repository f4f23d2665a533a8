"""The lists of the cultivation pages as workbooks: the rows that the page shows with the same filters, all pages of them."""
