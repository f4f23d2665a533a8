"""Wrong usage in the words of the user: what argparse and the operating system say in English."""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_SENTENCES = (
    (r"the following arguments are required: (?P<names>.+)", gettext_noop("Missing: %(names)s.")),
    (r"unrecognized arguments: (?P<names>.+)", gettext_noop("Unknown arguments: %(names)s.")),
    (
        r"argument (?P<name>.+?): invalid choice: (?P<value>.+) \(choose from (?P<choices>.+)\)",
        gettext_noop("%(name)s: %(value)s is none of %(choices)s."),
    ),
    (
        r"argument (?P<name>.+?): invalid \S+ value: (?P<value>.+)",
        gettext_noop("%(name)s: the value %(value)s is not valid."),
    ),
    (
        r"argument (?P<name>.+?): expected .+",
        gettext_noop("%(name)s: a value is missing, or one too many is given."),
    ),
    (r"argument (?P<name>.+?): ignored explicit argument .+", gettext_noop("%(name)s takes no value.")),
    (
        r"ambiguous option: (?P<value>.+) could match (?P<choices>.+)",
        gettext_noop("%(value)s may mean any of %(choices)s."),
    ),
)


def argument_problem(message: str) -> str:
    """What argparse found wrong; a sentence that is not known stays as it is, after a word of introduction."""
    for pattern, sentence in _SENTENCES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _(sentence) % found.groupdict()
    return _("Wrong usage: %(message)s") % {"message": message}


def file_problem(error: OSError) -> str:
    """Why a file cannot be read or written."""
    names = {"file": error.filename or "", "reason": error.strerror or type(error).__name__}
    if isinstance(error, FileNotFoundError):
        return _("There is no file %(file)s.") % names
    if isinstance(error, IsADirectoryError):
        return _("%(file)s is a directory, not a file.") % names
    if isinstance(error, PermissionError):
        return _("There is no permission to use %(file)s.") % names
    return _("%(file)s cannot be used: %(reason)s.") % names
