"""Why no backup was made, or none was restored."""


class BackupError(Exception):
    """Any refusal of the two commands; the text is written for people. Do what it says."""


class BackupNotMade(BackupError):
    """Raised when the database cannot be dumped, or the folder not be written. Mend what the message names."""


class NotABackup(BackupError):
    """Raised when a folder holds no manifest that can be read. Name the folder that `backup` made."""


class BackupDamaged(BackupError):
    """Raised when a part of a backup is not, byte for byte, what was written. Take another copy of this backup, or the
    one before it."""


class BackupOfNewerRelease(BackupError):
    """Raised when a backup was made by a newer release than this one. Install that release, and restore with it."""


class RolesDiffer(BackupError):
    """Raised when the roles of a backup are not those of this installation. Make roles of these names first."""


class BooksInUse(BackupError):
    """Raised when a restore would replace a database that has books in it, or tables of something else. Restore into an
    empty database elsewhere, or rehearse."""


class RestoreUnderWay(BackupError):
    """Raised when another restore into the same database has not ended. Wait for it."""


class RestoreFailed(BackupError):
    """Raised when PostgreSQL cannot take the dump, or the owner role may not make databases. Mend what it names."""


class RestoreDiffers(BackupError):
    """Raised when what was restored is not what the manifest says. Take the backup before it, and find out why."""
