"""What of the archive is doubtful, for a person to decide: the work list, most useful first."""

from searchsvc.curation.kinds import KINDS, Declared, actions_of
from searchsvc.curation.tasks import Task, task_id
from searchsvc.curation.worklist import Worked, WorkList

__all__ = ["KINDS", "Declared", "Task", "WorkList", "Worked", "actions_of", "task_id"]
