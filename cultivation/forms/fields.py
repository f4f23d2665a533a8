"""The fields and widgets that the forms of the pages are made of."""

from config.common.fields import DateInput, date_field, line_field, select_widget, text_field

__all__ = ["DateInput", "date_field", "line_field", "select_widget", "text_field"]
