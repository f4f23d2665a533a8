"""Backup and restore: the database and the stored files it speaks of, in one archive.

``making.make_backup`` writes one, ``restoring.restore_backup`` brings one back; ``sqlite`` and ``postgres`` know the
two databases, ``archive`` and ``manifest`` the format.
"""
