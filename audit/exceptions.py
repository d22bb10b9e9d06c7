"""The rules that `audit.record` keeps. No message repeats a value: it could be someone's."""


class AuditError(Exception):
    """An entry that must not be written this way."""


class OutsideTransaction(AuditError):
    """An entry outside a transaction could be lost while its change is kept."""


class UnknownActor(AuditError):
    """An actor is an account, `anonymous`, or `system:` and the name of a task or command."""


class PersonalDataInDetails(AuditError):
    """A detail isn't a code, so it could be something that a person typed."""
