"""Answers of the server. Written by scripts/generate_models.py."""

# ruff: noqa: E501
from typing import Any, Literal, Optional, Union

from pydantic import Field

from ._answers import DecisionAnswers
from ._model import BaseAnswer, Timestamp


class ProblemError(BaseAnswer):
    pointer: str
    code: str
    detail: str


class Problem(BaseAnswer):
    """RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: Optional[list[ProblemError]] = None


class Event(BaseAnswer):
    specversion: Union[Literal["1.0"], str]
    id: str
    source: str
    #: decision.made, decision.reviewed, decision.erased, label.recorded, model.promoted, certificate.issued, certificate.suspended, job.finished, webhook.disabled, source.failing; more may come.
    type: str
    #: Id of what it happened to: the decision, the model version, the job.
    subject: str
    #: RFC 3339, UTC.
    time: Timestamp
    datacontenttype: Union[Literal["application/json"], str]
    #: W3C trace context of what caused it.
    traceparent: Optional[str] = None
    #: decision.made: the decision as in lists. decision.reviewed, label.recorded: {label, decision}. decision.erased: {decision: id}. The others are described by their schemas in contracts/events.
    data: dict[str, Any]


class EventList(BaseAnswer):
    data: list[Event]
    #: `after` of the next request; it stays valid, and more events may come. Null before the first one.
    next_cursor: Optional[str]


class VerifyLineProgress(BaseAnswer):
    done: int
    total: int


class VerifyLineReportFoundItem(BaseAnswer):
    kind: str
    commit: Optional[int]
    position: Optional[int]
    id: Optional[str]
    detail: str


class VerifyLineReport(BaseAnswer):
    ok: bool
    workspace: str
    #: SHA-256, hexadecimal.
    head: str
    size: int
    entries: int
    erased: int
    damage: dict[str, int]
    found: list[VerifyLineReportFoundItem]


class VerifyLine(BaseAnswer):
    progress: Optional[VerifyLineProgress] = None
    report: Optional[VerifyLineReport] = None


class JobSummaryProgress(BaseAnswer):
    done: int
    total: int
    unit: str
    eta_seconds: Optional[int]


class JobSummaryError(BaseAnswer):
    code: str
    detail: str


class JobSummary(BaseAnswer):
    #: Id of a job, `job_…`.
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    status: Union[Literal["queued", "running", "succeeded", "failed", "cancelled"], str]
    priority: int
    #: Times that a worker took it up, or the chunk of it that is under way.
    attempts: int
    progress: JobSummaryProgress
    external_id: Optional[str] = None
    #: Of a job with items: those that could not be decided.
    failed_items: Optional[int] = None
    error: Optional[JobSummaryError]
    not_before: Optional[Timestamp]
    #: RFC 3339, UTC.
    created_at: Timestamp
    started_at: Optional[Timestamp]
    finished_at: Optional[Timestamp]


class Progress(BaseAnswer):
    done: float
    total: float
    unit: str
    eta_seconds: Optional[int]
    phase: str
    detail: Optional[str]


class TrainingRunPromotion(BaseAnswer):
    promoted: bool
    reason: str


class TrainingRunError(BaseAnswer):
    code: str
    detail: str


class TrainingRun(BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    status: Union[Literal["queued", "running", "succeeded", "failed", "cancelled"], str]
    progress: Progress
    #: As asked for.
    trainer: str
    chosen_trainer: Optional[str]
    dataset: Optional[str]
    parameters: dict[str, Any]
    seed: int
    promote: str
    metrics: Optional[dict[str, Any]]
    model_version: Optional[str]
    promotion: Optional[TrainingRunPromotion]
    error: Optional[TrainingRunError]
    log: list[str]
    attempts: int
    cancel_requested: bool
    #: Id of the key or member, or `policy`.
    requested_by: str
    reason: Optional[str]
    #: RFC 3339, UTC.
    created_at: Timestamp
    started_at: Optional[Timestamp]
    finished_at: Optional[Timestamp]


class AlertAcknowledged(BaseAnswer):
    #: RFC 3339, UTC.
    at: Timestamp
    by: str
    note: Optional[str]


class Alert(BaseAnswer):
    id: str
    #: Null: about the workspace.
    task: Optional[str]
    kind: Union[Literal["error_budget_exceeded", "uncertified_error", "audit_backlog", "review_backlog", "webhook_disabled"], str]
    severity: Union[Literal["critical", "warning"], str]
    open: bool
    summary: str
    evidence: dict[str, Any]
    #: RFC 3339, UTC.
    opened_at: Timestamp
    resolved_at: Optional[Timestamp]
    resolution: Optional[str]
    acknowledged: Optional[AlertAcknowledged]


class AlertList(BaseAnswer):
    """Newest first."""

    data: list[Alert]
    next_cursor: Optional[str]


class AuditEntryPrincipal(BaseAnswer):
    #: `api_key`, `member`, `operator`, or `system`: the platform by itself, `id` then says which part of it (`monitor`, `policy`, …).
    kind: str
    id: str


class AuditEntry(BaseAnswer):
    id: str
    #: RFC 3339, UTC.
    at: Timestamp
    principal: AuditEntryPrincipal
    #: What happened, e.g. `key.created`.
    action: str
    #: What it happened to: an id or a name.
    resource: str
    request_id: str
    details: dict[str, Any]


class AuditLog(BaseAnswer):
    """Newest first."""

    data: list[AuditEntry]
    next_cursor: Optional[str]


class DeadLetterSummaryOrigin(BaseAnswer):
    kind: Union[Literal["job", "source", "outgoing"], str]
    id: str


class DeadLetterSummaryReason(BaseAnswer):
    code: str
    detail: str


class DeadLetterSummary(BaseAnswer):
    id: str
    #: `failed` = ran out of attempts; `unprocessable` = can never succeed as it is.
    kind: Union[Literal["failed", "unprocessable"], str]
    state: Union[Literal["waiting", "replayed", "discarded"], str]
    origin: DeadLetterSummaryOrigin
    task: Optional[str]
    reason: DeadLetterSummaryReason
    message: Optional[str]
    content_type: str
    attempts: int
    trace_id: Optional[str]
    #: RFC 3339, UTC.
    created_at: Timestamp
    resolved_at: Optional[Timestamp]
    resolved_by: Optional[str]
    resolution: Optional[str]


class DeadLetterList(BaseAnswer):
    data: list[DeadLetterSummary]
    next_cursor: Optional[str]


class DeadLetterOrigin(BaseAnswer):
    kind: Union[Literal["job", "source", "outgoing"], str]
    id: str


class DeadLetterReason(BaseAnswer):
    code: str
    detail: str


class DeadLetterBody(BaseAnswer):
    #: `text` where the bytes are UTF-8.
    encoding: Union[Literal["text", "base64"], str]
    data: str
    bytes: int


class DeadLetterHistoryItem(BaseAnswer):
    at: str
    code: str
    detail: str


class DeadLetter(BaseAnswer):
    id: str
    #: `failed` = ran out of attempts; `unprocessable` = can never succeed as it is.
    kind: Union[Literal["failed", "unprocessable"], str]
    state: Union[Literal["waiting", "replayed", "discarded"], str]
    origin: DeadLetterOrigin
    task: Optional[str]
    reason: DeadLetterReason
    message: Optional[str]
    content_type: str
    attempts: int
    trace_id: Optional[str]
    #: RFC 3339, UTC.
    created_at: Timestamp
    resolved_at: Optional[Timestamp]
    resolved_by: Optional[str]
    resolution: Optional[str]
    headers: dict[str, str]
    body: Optional[DeadLetterBody]
    history: list[DeadLetterHistoryItem]


class DeadLetterReplayRefusedItem(BaseAnswer):
    id: str
    code: str
    detail: str


class DeadLetterReplay(BaseAnswer):
    replayed: int
    refused: list[DeadLetterReplayRefusedItem]
    #: More letters match the filter: ask again.
    more: bool


class DecisionSummarySuggestion(BaseAnswer):
    label: str
    confidence: float


class DecisionSummaryReview(BaseAnswer):
    item: Optional[str]
    reason: str


class DecisionSummaryCandidate(BaseAnswer):
    label: str
    score: float


class DecisionSummaryDecidedBy(BaseAnswer):
    rung: str
    model: str
    version: str


class DecisionSummaryCost(BaseAnswer):
    #: A decimal string; its currency stands beside it.
    amount: str
    currency: str


class DecisionSummary(DecisionAnswers, BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    task_revision: int
    outcome: Union[Literal["automated", "review"], str]
    label: Optional[str]
    suggestion: Optional[DecisionSummarySuggestion]
    confidence: Optional[float]
    threshold: Optional[float]
    automation: Union[Literal["certified", "uncertified", "off"], str]
    review: Optional[DecisionSummaryReview]
    candidates: list[DecisionSummaryCandidate]
    decided_by: Optional[DecisionSummaryDecidedBy]
    external_id: Optional[str]
    subject: Optional[str]
    #: RFC 3339, UTC.
    created_at: Timestamp
    cost: DecisionSummaryCost
    #: The personal data was erased; hashes and proofs still hold.
    erased: bool


class DecisionList(BaseAnswer):
    """Newest first. With filters that have no index a page may be shorter than the limit; the list ends where next_cursor is null."""

    data: list[DecisionSummary]
    next_cursor: Optional[str]


class DecisionDetailSuggestion(BaseAnswer):
    label: str
    confidence: float


class DecisionDetailReview(BaseAnswer):
    item: Optional[str]
    reason: str


class DecisionDetailCandidate(BaseAnswer):
    label: str
    score: float


class DecisionDetailDecidedBy(BaseAnswer):
    rung: str
    model: str
    version: str


class DecisionDetailCost(BaseAnswer):
    #: A decimal string; its currency stands beside it.
    amount: str
    currency: str


class DecisionLabel(BaseAnswer):
    id: str
    decision: str
    label: str
    source: Union[Literal["application", "appeal", "reviewer", "audit", "import"], str]
    note: Optional[str]
    #: The application’s own user who decided.
    person: Optional[str]
    #: With which probability this decision was to be labelled; null = unknown.
    probability: Optional[float]
    #: The reviewer’s active time.
    seconds: Optional[float]
    item: Optional[str]
    #: Our own answer, copied back: never counted.
    echo: bool
    #: Id of the key or member that gave it.
    given_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp


class DecisionDetailAudit(BaseAnswer):
    probability: float


class DecisionDetailVia(BaseAnswer):
    kind: Union[Literal["job", "source"], str]
    id: str
    #: Identity of the message, as the source knows it.
    message: Optional[str] = None


class DecisionDetailLedger(BaseAnswer):
    commit: int
    position: int


class DecisionDetail(DecisionAnswers, BaseAnswer):
    essential_ = frozenset({"id", "outcome"})

    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    task_revision: int
    outcome: Union[Literal["automated", "review"], str]
    label: Optional[str]
    suggestion: Optional[DecisionDetailSuggestion]
    confidence: Optional[float]
    threshold: Optional[float]
    automation: Union[Literal["certified", "uncertified", "off"], str]
    review: Optional[DecisionDetailReview]
    candidates: list[DecisionDetailCandidate]
    decided_by: Optional[DecisionDetailDecidedBy]
    external_id: Optional[str]
    subject: Optional[str]
    #: RFC 3339, UTC.
    created_at: Timestamp
    cost: DecisionDetailCost
    #: The personal data was erased; hashes and proofs still hold.
    erased: bool
    #: As it was sent; null when erased.
    input: Any
    attributes: Optional[dict[str, Any]]
    #: As served; null when the task names none.
    features: Any
    #: Oldest first.
    labels: list[DecisionLabel]
    #: Not all labels that count say the same.
    labels_conflict: bool
    #: The label that counts; null while nobody said.
    truth: Optional[str]
    audit: Optional[DecisionDetailAudit]
    #: Microseconds by phase.
    timings: dict[str, float]
    request_id: str
    #: W3C trace id of the request.
    trace_id: Optional[str]
    #: The job or source that asked; null for a prediction over HTTP.
    via: Optional[DecisionDetailVia]
    #: The certificate in force.
    certificate: Optional[str]
    ledger: DecisionDetailLedger


class EventReceiptsDataItemProblem(BaseAnswer):
    code: str
    detail: str


class EventReceiptsDataItem(BaseAnswer):
    #: The event’s own id.
    id: Optional[str]
    #: The event’s own source.
    event_source: Optional[str]
    #: Which of your sources took it.
    source: Optional[str]
    #: `duplicate`: it was taken before; the ids are those of then.
    status: Union[Literal["accepted", "duplicate", "rejected"], str]
    #: For GET /v1/trail.
    message: Optional[str]
    decision: Optional[str]
    #: Why it was rejected.
    problem: Optional[EventReceiptsDataItemProblem]


class EventReceipts(BaseAnswer):
    data: list[EventReceiptsDataItem]


class JobList(BaseAnswer):
    data: list[JobSummary]
    next_cursor: Optional[str]


class JobProgress(BaseAnswer):
    done: int
    total: int
    unit: str
    eta_seconds: Optional[int]


class JobError(BaseAnswer):
    code: str
    detail: str


class DecisionSuggestion(BaseAnswer):
    label: str
    confidence: float


class DecisionReview(BaseAnswer):
    item: Optional[str]
    reason: Union[Literal["below_threshold", "not_certified", "automation_off", "no_model", "model_unavailable", "audit"], str]


class DecisionCandidate(BaseAnswer):
    label: str
    score: float


class DecisionDecidedBy(BaseAnswer):
    rung: str
    model: str
    version: str


class DecisionCost(BaseAnswer):
    #: A decimal string; its currency stands beside it.
    amount: str
    currency: str


class ExplanationFeature(BaseAnswer):
    name: str
    weight: float
    #: [start, end) in UTF-16 code units of the input text.
    span: Optional[list[int]] = None


class Explanation(BaseAnswer):
    method: str
    label: str
    score: float
    unit: str
    bias: float
    features: list[ExplanationFeature]
    #: Contributions not listed: score = bias + Σ weight + remainder.
    remainder: float


class Decision(DecisionAnswers, BaseAnswer):
    essential_ = frozenset({"id", "outcome"})

    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    outcome: Union[Literal["automated", "review"], str]
    label: Optional[str]
    confidence: Optional[float]
    threshold: Optional[float]
    automation: Union[Literal["certified", "uncertified", "off"], str]
    suggestion: Optional[DecisionSuggestion] = None
    review: Optional[DecisionReview] = None
    candidates: list[DecisionCandidate]
    decided_by: Optional[DecisionDecidedBy]
    external_id: Optional[str] = None
    #: RFC 3339, UTC.
    created_at: Timestamp
    cost: DecisionCost
    explanation: Optional[Explanation] = None


class JobDecisionError(BaseAnswer):
    code: str
    detail: str


class JobDecision(BaseAnswer):
    position: int
    external_id: Optional[str] = None
    decision: Optional[Decision]
    error: Optional[JobDecisionError]


class Job(BaseAnswer):
    #: Id of a job, `job_…`.
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    status: Union[Literal["queued", "running", "succeeded", "failed", "cancelled"], str]
    priority: int
    #: Times that a worker took it up, or the chunk of it that is under way.
    attempts: int
    progress: JobProgress
    external_id: Optional[str] = None
    #: Of a job with items: those that could not be decided.
    failed_items: Optional[int] = None
    error: Optional[JobError]
    not_before: Optional[Timestamp]
    #: RFC 3339, UTC.
    created_at: Timestamp
    started_at: Optional[Timestamp]
    finished_at: Optional[Timestamp]
    decision: Optional[Decision] = None
    #: Of a job with items: one page, in order; `decision` and `error` are null while it waits.
    decisions: Optional[list[JobDecision]] = None
    next_cursor: Optional[str] = None


class JobQueuesDataItem(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: Jobs that wait and are due.
    depth: int
    #: Jobs that wait for their time.
    scheduled: int
    running: int
    oldest_at: Optional[Timestamp]
    oldest_seconds: Optional[int]


class JobQueues(BaseAnswer):
    data: list[JobQueuesDataItem]


class ApiKeyRateLimit(BaseAnswer):
    requests_per_minute: int


class ApiKey(BaseAnswer):
    """An API key, without its secret."""

    id: str
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: The first characters of the key, to tell keys apart.
    hint: str
    scopes: list[str]
    #: null = the default of the server.
    rate_limit: Optional[ApiKeyRateLimit]
    #: Id of the key that made it, or `operator`.
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    expires_at: Optional[Timestamp]
    revoked_at: Optional[Timestamp]
    #: Late by up to a minute.
    last_used_at: Optional[Timestamp]


class ApiKeyList(BaseAnswer):
    data: list[ApiKey]
    next_cursor: Optional[str]


class NewApiKeyRateLimit(BaseAnswer):
    requests_per_minute: int


class NewApiKey(BaseAnswer):
    """A key that was just made."""

    id: str
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: The first characters of the key, to tell keys apart.
    hint: str
    scopes: list[str]
    #: null = the default of the server.
    rate_limit: Optional[NewApiKeyRateLimit]
    #: Id of the key that made it, or `operator`.
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    expires_at: Optional[Timestamp]
    revoked_at: Optional[Timestamp]
    #: Late by up to a minute.
    last_used_at: Optional[Timestamp]
    #: Shown in this answer and never again; only its hash is kept.
    secret: str = Field(repr=False)


class LabelSourceListDataItem(BaseAnswer):
    #: Id of the key.
    given_by: str
    #: Its labels of decisions to which we had an answer or a suggestion.
    labels: int
    #: Those that said what we had said.
    agreed: int
    #: It agrees more often than people who looked could: until it disagrees, its labels that equal our answer are echoes and not counted.
    always_agrees: bool


class LabelSourceList(BaseAnswer):
    data: list[LabelSourceListDataItem]


class LedgerConsistencyFirst(BaseAnswer):
    size: int
    #: SHA-256, hexadecimal.
    head: str


class LedgerConsistencySecond(BaseAnswer):
    size: int
    #: SHA-256, hexadecimal.
    head: str


class LedgerConsistency(BaseAnswer):
    """RFC 6962 §2.1.2: the log of `second` begins with that of `first`."""

    workspace: str
    first: LedgerConsistencyFirst
    second: LedgerConsistencySecond
    path: list[str]


class LedgerHead(BaseAnswer):
    """The RFC 6962 tree head of the workspace’s log. Keep it to recognise later changes."""

    #: Commits in the log.
    size: int
    entries: int
    decisions: int
    #: SHA-256, hexadecimal.
    head: str


class LedgerProofCommit(BaseAnswer):
    seq: int
    entries: int
    committed_at_ms: int
    #: SHA-256, hexadecimal.
    root: str
    position: int
    path: list[str]


class LedgerProofLog(BaseAnswer):
    size: int
    #: SHA-256, hexadecimal.
    head: str
    path: list[str]


class LedgerProof(BaseAnswer):
    """Inclusion proofs of RFC 6962 §2.1.1: record → commit.root, then SHA-256(0x00 ‖ root ‖ entries ‖ committed_at_ms, each 8 bytes big-endian) → log.head."""

    workspace: str
    decision: str
    #: The canonical JSON (RFC 8785) that was hashed: leaf = SHA-256(0x00 ‖ record).
    record: str
    commit: LedgerProofCommit
    log: LedgerProofLog


class Workspace(BaseAnswer):
    """A tenant: its keys, tasks, data and budget; nothing crosses from one to another."""

    id: str
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: Filled with example data.
    demo: bool
    #: RFC 3339, UTC.
    created_at: Timestamp


#: What a member may do; docs/reference/scopes.md has the scopes of each role.
Role = Union[Literal["owner", "admin", "lead", "reviewer", "viewer"], str]


class MePrincipal(BaseAnswer):
    kind: Union[Literal["api_key", "member"], str]
    id: str
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: null = an API key.
    role: Optional[Role]
    expires_at: Optional[Timestamp]


class MeRateLimit(BaseAnswer):
    requests_per_minute: int


class Me(BaseAnswer):
    """What the credential of this request is and may do."""

    workspace: Workspace
    principal: MePrincipal
    scopes: list[str]
    rate_limit: Optional[MeRateLimit]


class Member(BaseAnswer):
    """A person in the workspace."""

    id: str
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    email: Optional[str]
    role: Role
    #: false = cannot sign in, and every session of theirs has ended.
    active: bool
    #: Those of the role.
    scopes: list[str]
    #: Id of the member or key that added them, or `operator`.
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp
    #: Late by up to a minute.
    last_seen_at: Optional[Timestamp]


class MemberList(BaseAnswer):
    data: list[Member]
    next_cursor: Optional[str]


class SignInCode(BaseAnswer):
    #: Opens one session, once. Shown in this answer and never again.
    code: str = Field(repr=False)
    #: The path of the dashboard that signs in with it: put it behind the server’s address. The code is in its fragment, which browsers send nowhere.
    path: str = Field(repr=False)
    #: RFC 3339, UTC.
    expires_at: Timestamp


class ModelAliase(BaseAnswer):
    alias: str
    version: str


class Model(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    model: str
    latest_version: str
    aliases: list[ModelAliase]
    #: RFC 3339, UTC.
    created_at: Timestamp


class ModelList(BaseAnswer):
    data: list[Model]
    next_cursor: Optional[str]


class AliasHistoryDataItem(BaseAnswer):
    alias: str
    version: Optional[str]
    previous: Optional[str]
    reason: str
    evidence: dict[str, Any]
    by: str
    #: RFC 3339, UTC.
    at: Timestamp


class AliasHistory(BaseAnswer):
    data: list[AliasHistoryDataItem]


class Alias(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    model: str
    alias: str
    version: str


class ModelVersionArtifact(BaseAnswer):
    format: str
    sha256: str
    bytes: int


class ModelVersionLineage(BaseAnswer):
    task_id: str
    task_revision: int
    training_run: str
    dataset: str
    trainer: str
    parameters: dict[str, Any]
    seed: int
    code_version: str


class ModelVersion(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    model: str
    version: str
    aliases: list[str]
    labels: list[str]
    artifact: ModelVersionArtifact
    lineage: ModelVersionLineage
    metrics: dict[str, Any]
    #: null = never certified: every answer of this version goes to a person.
    certification: Optional[dict[str, Any]]
    #: RFC 3339, UTC.
    created_at: Timestamp


class ModelVersionList(BaseAnswer):
    data: list[ModelVersion]
    next_cursor: Optional[str]


class OpenAiSettingsModerationItem(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: A decision for one of these is `flagged`; labels that are not named are not.
    flagged_labels: list[str]
    #: What an answer says while a person still has to decide: `flag` = flagged, `pass` = not flagged, `suggestion` = as the suggestion would be, and flagged where there is none.
    review: Any
    #: Which standard category a label counts for, beside being one itself. A label that is named as one needs no entry.
    categories: Optional[dict[str, Any]] = None


class OpenAiSettings(BaseAnswer):
    #: Answers for the well-known moderation models, and for requests that name none. One of `moderation`.
    default_moderation_task: Optional[str]
    #: Tasks that answer moderation requests.
    moderation: list[OpenAiSettingsModerationItem]
    #: Null: nothing was set yet.
    updated_at: Optional[Timestamp]


class AuditedErrorCorrected(BaseAnswer):
    estimate: float
    low: float
    high: float
    #: The share of gold items that reviewers answered wrong.
    reviewer_error: float
    #: Answers to gold items (of the last 90 days) that this is known from.
    based_on: int


class AuditedError(BaseAnswer):
    """The share of automated decisions that were wrong, from the audit lane."""

    estimate: Optional[float]
    low: float
    high: float
    method: str
    #: Automated decisions that the audit lane drew and a person has labelled.
    audited: int
    #: Those of them that were wrong.
    wrong: int
    drawn: int
    #: Drawn, and not labelled yet.
    pending: int
    #: Automated decisions made while no audit lane ran: no figure covers them.
    unaudited: int
    corrected: Optional[AuditedErrorCorrected] = None


class Estimate(BaseAnswer):
    estimate: Optional[float]
    low: float
    high: float
    #: How the interval was computed.
    method: str


class OverviewTotal(BaseAnswer):
    decisions: int
    automated: int
    review: int
    automation_rate: Optional[float]
    human_touch_rate: Optional[float]
    audited_error: AuditedError
    #: Decisions left to a person that a person has answered.
    answered: int
    #: Decisions that wait for a person: unanswered reviews and audits.
    waiting: int
    suggestion_error: Estimate


class OverviewQueue(BaseAnswer):
    waiting: int
    review: int
    audit: int


class OverviewPoint(BaseAnswer):
    """Buckets without a decision are left out."""

    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    decisions: int
    automated: int
    review: int
    automation_rate: Optional[float]
    human_touch_rate: Optional[float]
    audited_error: AuditedError
    #: Decisions left to a person that a person has answered.
    answered: int
    #: Decisions that wait for a person: unanswered reviews and audits.
    waiting: int
    suggestion_error: Estimate


class OverviewTaskErrorBudget(BaseAnswer):
    max_error: float
    confidence: float


class OverviewTaskCertificate(BaseAnswer):
    id: str
    status: str
    model_version: str
    #: RFC 3339, UTC.
    at: Timestamp


class OverviewTaskQueue(BaseAnswer):
    waiting: int
    review: int
    audit: int


class OverviewTaskTotal(BaseAnswer):
    decisions: int
    automated: int
    review: int
    automation_rate: Optional[float]
    human_touch_rate: Optional[float]
    audited_error: AuditedError
    #: Decisions left to a person that a person has answered.
    answered: int
    #: Decisions that wait for a person: unanswered reviews and audits.
    waiting: int
    suggestion_error: Estimate


class OverviewTask(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    title: str
    error_budget: OverviewTaskErrorBudget
    within_budget: Optional[bool]
    certificate: Optional[OverviewTaskCertificate]
    #: Over all time, now.
    queue: OverviewTaskQueue
    open_alerts: int
    total: OverviewTaskTotal
    series: list[OverviewPoint]


class OverviewEvidence(BaseAnswer):
    ledger_size: int


class Overview(BaseAnswer):
    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    bucket: Union[Literal["ten_seconds", "minute", "hour", "day", "week", "month"], str]
    interval: Union[Literal["anytime", "fixed"], str]
    #: Of the intervals over all tasks; each task has that of its budget.
    confidence: float
    total: OverviewTotal
    queue: OverviewQueue
    open_alerts: int
    series: list[OverviewPoint]
    tasks: list[OverviewTask]
    evidence: OverviewEvidence
    method: str


class PredictRouteRequestPart(BaseAnswer):
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    text: str
    #: An array in the request, an item each; the other paths then begin at the item.
    items: Optional[str] = None
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    external_id: Optional[str] = None
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    subject: Optional[str] = None
    attributes: Optional[dict[str, str]] = None


class PredictRouteReview(BaseAnswer):
    #: Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a string for the value as it is, else for its text.
    response: Any
    #: Not with `request.items`.
    status: Optional[int] = None


class PredictRoute(BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    route: str
    #: The path to POST to.
    url: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: Where it answers, behind `/compat/`; one to three segments.
    path: str
    request: PredictRouteRequestPart
    #: What the application calls our labels: `$.value` and `$.suggestion.value` in templates.
    labels: Optional[dict[str, Optional[Union[str, float, bool]]]] = None
    #: The answer to an automated item. Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a string for the value as it is, else for its text.
    response: Any
    #: The answer while a person still has to decide: `$.label` is null then, `$.suggestion` may be there.
    review: PredictRouteReview
    #: With `request.items`: what stands around the answers, `{{$.answers}}`. Absent = the bare array.
    envelope: Any = None
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp


class PredictRouteList(BaseAnswer):
    data: list[PredictRoute]
    next_cursor: Optional[str]


class BatchResponse(BaseAnswer):
    essential_ = frozenset({"decisions"})

    decisions: list[Decision]


class ReplayProgress(BaseAnswer):
    done: int
    total: Optional[int]
    unit: str
    eta_seconds: Optional[int]


class ReplayWhat(BaseAnswer):
    max_error: Optional[float]
    confidence: Optional[float]
    model_version: Optional[str]
    threshold: Optional[float]


class ReplayResultHistoryErrorRate(BaseAnswer):
    estimate: Optional[float]
    low: Optional[float]
    high: Optional[float]
    labelled: int
    wrong: int
    note: Optional[str]


class ReplayResultHistoryCost(BaseAnswer):
    currency: str
    model: Optional[str]
    reviewer: Optional[str]
    errors: Optional[str]
    total: Optional[str]


class ReplayResultHistoryQueueBusiestDay(BaseAnswer):
    day: str
    items: int
    minutes: float


class ReplayResultHistoryQueue(BaseAnswer):
    items: int
    #: Expected: the audit probabilities added up.
    audits: float
    #: Items and audits × minutes a verdict.
    minutes: float
    busiest_day: Optional[ReplayResultHistoryQueueBusiestDay]


class ReplayResultHistory(BaseAnswer):
    decisions: int
    automated: int
    automation_rate: Optional[float]
    error_rate: ReplayResultHistoryErrorRate
    expected_errors: Optional[float]
    cost: ReplayResultHistoryCost
    queue: ReplayResultHistoryQueue


class ReplayResultReplayedErrorRate(BaseAnswer):
    estimate: Optional[float]
    low: Optional[float]
    high: Optional[float]
    labelled: int
    wrong: int
    note: Optional[str]


class ReplayResultReplayedCost(BaseAnswer):
    currency: str
    model: Optional[str]
    reviewer: Optional[str]
    errors: Optional[str]
    total: Optional[str]


class ReplayResultReplayedQueueBusiestDay(BaseAnswer):
    day: str
    items: int
    minutes: float


class ReplayResultReplayedQueue(BaseAnswer):
    items: int
    #: Expected: the audit probabilities added up.
    audits: float
    #: Items and audits × minutes a verdict.
    minutes: float
    busiest_day: Optional[ReplayResultReplayedQueueBusiestDay]


class ReplayResultReplayed(BaseAnswer):
    decisions: int
    automated: int
    automation_rate: Optional[float]
    error_rate: ReplayResultReplayedErrorRate
    expected_errors: Optional[float]
    cost: ReplayResultReplayedCost
    queue: ReplayResultReplayedQueue


class ReplayResultConfigurationItem(BaseAnswer):
    model_version: Optional[str]
    threshold: Optional[float]
    status: str
    decisions: int
    note: Optional[str]


class ReplayResultComparedDifference(BaseAnswer):
    decision: str
    field: str
    recorded: Any
    replayed: Any


class ReplayResultCompared(BaseAnswer):
    identical: int
    different: int
    newly_automated: int
    newly_reviewed: int
    other_label: int
    #: The first ones.
    differences: list[ReplayResultComparedDifference]


class ReplayResultEvidence(BaseAnswer):
    ledger_head: str
    ledger_size: int


class ReplayResult(BaseAnswer):
    history: ReplayResultHistory
    replayed: ReplayResultReplayed
    #: Under what the decisions were made again.
    configuration: list[ReplayResultConfigurationItem]
    compared: ReplayResultCompared
    #: As measured in the window; by hand where too few are.
    minutes_per_verdict: float
    rescored: int
    #: Their input is gone: taken as recorded, or left to people.
    erased: int
    #: No model that could score them: likewise.
    unavailable: int
    decisions_per_second: int
    evidence: ReplayResultEvidence
    method: list[str]


class ReplayError(BaseAnswer):
    code: str
    detail: str


class Replay(BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    status: Union[Literal["queued", "running", "succeeded", "failed", "cancelled"], str]
    progress: ReplayProgress
    from_: Optional[Timestamp] = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    what: ReplayWhat
    result: Optional[ReplayResult]
    error: Optional[ReplayError]
    requested_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    started_at: Optional[Timestamp]
    finished_at: Optional[Timestamp]


class ReviewAgreementAgreement(BaseAnswer):
    n: int
    count: int
    rate: Optional[float]
    low: Optional[float]
    high: Optional[float]


class ReviewAgreementConfusion(BaseAnswer):
    first: str
    second: str
    count: int


class ReviewAgreementReviewerConfusionItem(BaseAnswer):
    truth: str
    answered: str
    probability: float


class ReviewAgreementReviewer(BaseAnswer):
    reviewer: str
    opinions: int
    estimated_accuracy: Optional[float]
    #: By Dawid–Skene; the largest wrong ones first, at most 20.
    confusion: list[ReviewAgreementReviewerConfusionItem]


class ReviewAgreement(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: RFC 3339, UTC.
    since: Timestamp
    #: Items with at least two opinions.
    items: int
    #: Krippendorff’s α, nominal; null where it is not defined.
    alpha: Optional[float]
    #: count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
    agreement: ReviewAgreementAgreement
    #: Pairs of labels that reviewers mixed up, most often first; at most 50.
    confusions: list[ReviewAgreementConfusion]
    reviewers: list[ReviewAgreementReviewer]


class ReviewClaimDecisionSuggestion(BaseAnswer):
    label: str
    confidence: float


class ReviewClaimDecision(BaseAnswer):
    id: str
    input: Any
    suggestion: Optional[ReviewClaimDecisionSuggestion] = None


class ReviewClaim(BaseAnswer):
    #: Id of a review item, `itm_…`.
    item: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: From the claim. Another claim of the item gets another token, and this one is worth nothing from then on.
    claim_token: str = Field(repr=False)
    #: From then on another reviewer may get the item; until one does, a verdict still counts.
    expires_at: Timestamp
    decision: ReviewClaimDecision
    #: The answers that this item can have: labels of the task that its decision already knew.
    labels: list[str]


class ReviewTaskLabel(BaseAnswer):
    name: str
    description: Optional[str] = None


class ReviewTask(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    title: str
    #: Markdown.
    instructions: str
    labels: list[ReviewTaskLabel]
    #: Longer than this on one item is not counted as work.
    idle_limit_seconds: int
    #: How long a verdict can be taken back by whoever gave it.
    undo_seconds: int


class ReviewClaims(BaseAnswer):
    #: In the order in which to work on them.
    claims: list[ReviewClaim]
    #: The tasks of these claims.
    tasks: list[ReviewTask]


class ReviewGold(BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    decision: str
    label: str
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    answered: int
    correct: int


class ReviewGoldList(BaseAnswer):
    data: list[ReviewGold]
    next_cursor: Optional[str]


class ReviewItemDecision(BaseAnswer):
    id: str
    #: null when erased.
    input: Any


class ReviewItemLeadSuggestion(BaseAnswer):
    label: str
    confidence: float


class ReviewItemLeadOpinion(BaseAnswer):
    reviewer: str
    label: str
    seconds: float
    note: Optional[str]
    suggestion_shown: bool
    undone: bool
    #: RFC 3339, UTC.
    at: Timestamp


class ReviewItemLeadNote(BaseAnswer):
    by: str
    action: str
    note: str
    #: RFC 3339, UTC.
    at: Timestamp


class ReviewItemLead(BaseAnswer):
    #: Why the item stands in the queue. `gold` is an item whose answer is known.
    kind: Union[Literal["review", "audit", "appeal", "gold"], str]
    reason: Optional[str]
    suggestion: Optional[ReviewItemLeadSuggestion]
    #: by_reviewer, skipped or disagreement, where a lead has to decide.
    escalation: Optional[str]
    #: answered_elsewhere, erased, task_deleted or labels_gone.
    closed_reason: Optional[str]
    claimed_by: Optional[str]
    claim_expires_at: Optional[Timestamp]
    skips: int
    #: Oldest first. Empty in lists.
    opinions: list[ReviewItemLeadOpinion]
    #: What reviewers wrote when they handed the item back.
    notes: list[ReviewItemLeadNote]
    answer: Optional[str]
    answered_at: Optional[Timestamp]


class ReviewItem(BaseAnswer):
    #: Id of a review item, `itm_…`.
    item: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    status: Union[Literal["waiting", "claimed", "escalated", "answered", "closed"], str]
    decision: ReviewItemDecision
    #: RFC 3339, UTC.
    created_at: Timestamp
    lead: Optional[ReviewItemLead]


class ReviewItemList(BaseAnswer):
    data: list[ReviewItem]
    next_cursor: Optional[str]


class ReviewItemState(BaseAnswer):
    #: Id of a review item, `itm_…`.
    item: str
    status: Union[Literal["waiting", "claimed", "escalated", "answered", "closed"], str]


class ReviewVerdict(BaseAnswer):
    #: Id of a review item, `itm_…`.
    item: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    decision: str
    label: str
    #: As counted.
    seconds: float
    #: RFC 3339, UTC.
    answered_at: Timestamp
    #: RFC 3339, UTC.
    undo_until: Timestamp


class ReviewQueueLeadKinds(BaseAnswer):
    review: int
    audit: int
    appeal: int
    gold: int


class ReviewQueueLead(BaseAnswer):
    escalated: int
    kinds: ReviewQueueLeadKinds
    second_opinions: int


class ReviewQueue(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    title: str
    #: Items that the caller could be given, now or when claims of others end.
    depth: int
    #: Of these, being worked on now.
    claimed: int
    oldest_at: Optional[Timestamp]
    #: Per verdict, over the last 7 days; null without one.
    median_seconds: Optional[float]
    #: Depth × median.
    minutes_waiting: Optional[float]
    #: Minutes that reviewers gave a day, over the last 7 days.
    reviewer_minutes_per_day: float
    #: Items a day, over the last 7 days (fewer where the queue is younger).
    arriving_per_day: float
    #: When nothing waits any more at this pace; null when it never happens or nothing is known.
    expected_empty_at: Optional[Timestamp]
    #: `growing`: more arrives than the reviewers of the last days get through.
    outlook: Union[Literal["empty", "shrinking", "growing", "unknown"], str]
    #: Share of items shown without the model’s suggestion. Never below 0.5 while the task has an audit lane, because a missing suggestion would give audits away.
    suggestions_hidden: float
    lead: Optional[ReviewQueueLead]


class ReviewQueuesTotal(BaseAnswer):
    #: Items that the caller could be given, now or when claims of others end.
    depth: int
    #: Of these, being worked on now.
    claimed: int
    oldest_at: Optional[Timestamp]
    #: Per verdict, over the last 7 days; null without one.
    median_seconds: Optional[float]
    #: Depth × median.
    minutes_waiting: Optional[float]
    #: Minutes that reviewers gave a day, over the last 7 days.
    reviewer_minutes_per_day: float
    #: Items a day, over the last 7 days (fewer where the queue is younger).
    arriving_per_day: float
    #: When nothing waits any more at this pace; null when it never happens or nothing is known.
    expected_empty_at: Optional[Timestamp]
    #: `growing`: more arrives than the reviewers of the last days get through.
    outlook: Union[Literal["empty", "shrinking", "growing", "unknown"], str]


class ReviewQueues(BaseAnswer):
    """One queue a task, fullest first."""

    data: list[ReviewQueue]
    total: ReviewQueuesTotal


class ReviewReviewerGold(BaseAnswer):
    n: int
    count: int
    rate: Optional[float]
    low: Optional[float]
    high: Optional[float]


class ReviewReviewerAgreement(BaseAnswer):
    n: int
    count: int
    rate: Optional[float]
    low: Optional[float]
    high: Optional[float]


class ReviewReviewerConfirmationShown(BaseAnswer):
    n: int
    count: int
    rate: Optional[float]
    low: Optional[float]
    high: Optional[float]


class ReviewReviewerConfirmationBlind(BaseAnswer):
    n: int
    count: int
    rate: Optional[float]
    low: Optional[float]
    high: Optional[float]


class ReviewReviewerConfirmation(BaseAnswer):
    #: count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
    shown: ReviewReviewerConfirmationShown
    #: count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
    blind: ReviewReviewerConfirmationBlind
    p_value: Optional[float]


class ReviewReviewer(BaseAnswer):
    #: Id of the key or member.
    reviewer: str
    verdicts: int
    minutes: float
    median_seconds: Optional[float]
    #: RFC 3339, UTC.
    last_verdict_at: Timestamp
    #: count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
    gold: ReviewReviewerGold
    #: count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
    agreement: ReviewReviewerAgreement
    #: `shown`: how often a suggestion that the reviewer saw was confirmed; `blind`: how often the reviewer agreed with one unseen; p-value of Fisher’s exact test that seeing it changes nothing.
    confirmation: ReviewReviewerConfirmation
    #: By Dawid–Skene from items with several opinions; null where there are too few.
    estimated_accuracy: Optional[float]
    flags: list[Union[Literal["confirms_suggestions", "low_gold_accuracy", "low_agreement", "implausibly_fast"], str]]


class ReviewReviewers(BaseAnswer):
    data: list[ReviewReviewer]
    #: RFC 3339, UTC.
    since: Timestamp


class SessionPrincipal(BaseAnswer):
    kind: Union[Literal["member", "api_key"], str]
    id: str
    name: str
    #: null = signed in with an API key.
    role: Optional[Role]


class Session(BaseAnswer):
    """The active session of this browser. Its secret is in an HttpOnly cookie."""

    id: str
    workspace: Workspace
    principal: SessionPrincipal
    #: RFC 3339, UTC.
    expires_at: Timestamp
    scopes: list[str]
    #: Goes into `X-CSRF-Token` of every request that changes something. A request that carries one has to carry that of the active session.
    csrf_token: str = Field(repr=False)
    #: A session that is not used for so long ends.
    idle_seconds: int


class SessionWorkspacesDataItemPrincipal(BaseAnswer):
    kind: Union[Literal["member", "api_key"], str]
    id: str
    name: str
    #: null = signed in with an API key.
    role: Optional[Role]


class SessionWorkspacesDataItem(BaseAnswer):
    workspace: Workspace
    principal: SessionWorkspacesDataItemPrincipal
    #: RFC 3339, UTC.
    expires_at: Timestamp
    active: bool


class SessionWorkspaces(BaseAnswer):
    """The workspaces that this browser is signed in to, the active one first."""

    data: list[SessionWorkspacesDataItem]


class SourceMappingInput(BaseAnswer):
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    text: str


class SourceMapping(BaseAnswer):
    input: SourceMappingInput
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    external_id: Optional[str] = None
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    subject: Optional[str] = None
    attributes: Optional[dict[str, str]] = None
    #: JSONPath of what makes a message the same as an earlier one. Absent: a CloudEvent’s source and id, else the id that its publisher gave the message, else its place in the topic.
    id: Optional[str] = None


class SourceReplyTo(BaseAnswer):
    bus: str
    topic: Optional[str]
    from_message: bool


class SourceProblem(BaseAnswer):
    code: str
    detail: str


class SourceCounts(BaseAnswer):
    messages: int
    decided: int
    #: Those are in the dead letters.
    unprocessable: int
    #: Deliveries of messages that had been handled.
    duplicates: int


class Source(BaseAnswer):
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    source: str
    bus: str
    topic: str
    group: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    format: Union[Literal["json", "cloudevents"], str]
    #: Where values stand in the message. `$` is its JSON; of a CloudEvent the event with its attributes and `data`. `input` and `external_id` must be found, `subject` and attributes may be absent.
    mapping: SourceMapping
    reply_to: Optional[SourceReplyTo]
    #: `idle`: no worker process runs it. `failing`: messages wait in the broker; `problem` says why.
    state: Union[Literal["idle", "connecting", "running", "paused", "failing"], str]
    problem: Optional[SourceProblem]
    failing_since: Optional[Timestamp]
    #: Messages that wait in the broker; null where it cannot tell.
    lag: Optional[int]
    #: Processes that run it.
    workers: int
    counts: SourceCounts
    last_message_at: Optional[Timestamp]
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp


class SourceList(BaseAnswer):
    data: list[Source]
    next_cursor: Optional[str]


class TaskLabel(BaseAnswer):
    name: str
    description: Optional[str] = None


class TaskInputText(BaseAnswer):
    type: Union[Literal["string"], str]
    max_length: Optional[int] = None


class TaskInput(BaseAnswer):
    text: TaskInputText


class TaskErrorBudget(BaseAnswer):
    max_error: float
    confidence: float


class TaskEconomics(BaseAnswer):
    currency: str
    minutes_per_item: float
    #: A decimal string; its currency stands beside it.
    cost_per_hour: str
    #: A decimal string; its currency stands beside it.
    cost_of_error: str
    #: Share of servers and services, stated for the value report. Default 0.00.
    infrastructure_per_month: Optional[str] = None


class TaskAutomation(BaseAnswer):
    mode: Union[Literal["certified", "uncertified", "off"], str]
    min_confidence: Optional[float] = None


class TaskAudit(BaseAnswer):
    #: Share of automated decisions that a person checks without seeing the answer.
    rate: float
    #: Share in the lower half of the scores above the threshold.
    near_threshold_rate: Optional[float] = None


class TaskCertification(BaseAnswer):
    #: Whether imported examples are a random sample of what will be decided. Only then may they certify, and the certificate says that it assumes so.
    imports: Union[Literal["random_sample", "excluded"], str]
    #: Labels older than this do not certify.
    window_days: Optional[int] = None


class TaskRetraining(BaseAnswer):
    mode: Union[Literal["auto", "off"], str]
    min_new_labels: int
    #: New labels as a share of the rows that the champion learnt from.
    min_new_share: float
    min_hours_between: float


class TaskReview(BaseAnswer):
    #: Share of review items that are shown without the model’s suggestion.
    hide_suggestions: float
    double_review_rate: float
    gold_rate: float
    lease_seconds: int
    #: No verdict counts for more working time than this.
    idle_limit_seconds: int


class Task(BaseAnswer):
    kind: Union[Literal["text_classification"], str]
    labels: list[TaskLabel]
    title: str
    input: TaskInput
    error_budget: TaskErrorBudget
    economics: TaskEconomics
    automation: TaskAutomation
    audit: TaskAudit
    certification: TaskCertification
    retraining: TaskRetraining
    review: TaskReview
    instructions: str
    personal_data: list[str]
    sensitive_attributes: list[str]
    retention_days: int
    owner: str
    id: str
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: Grows when labels or input change.
    revision: int
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp


class TaskList(BaseAnswer):
    data: list[Task]
    next_cursor: Optional[str]


class CertificationEvidence(BaseAnswer):
    labelled: int
    accepted: int
    errors: int
    p_value: Optional[float]
    method: Optional[str]


class CertificationNeeded(BaseAnswer):
    labels: Optional[int]
    reason: str


class CertificationValidFor(BaseAnswer):
    model_version: str
    dataset: str


class CertificationSuspension(BaseAnswer):
    #: RFC 3339, UTC.
    at: Timestamp
    reason: str
    evidence: dict[str, Any]


class CertificationCurveItem(BaseAnswer):
    threshold: float
    #: 0…1
    coverage: float
    #: 0…1
    error: float


class Certification(BaseAnswer):
    status: Union[Literal["certified", "not_certifiable_yet", "suspended"], str]
    #: Whether decisions are automated by it now: certified, for the present budget, labels and version.
    in_force: bool
    threshold: Optional[float]
    max_error: float
    confidence: float
    evidence: CertificationEvidence
    expected_coverage: Optional[float]
    needed: Optional[CertificationNeeded] = None
    certified_at: Optional[Timestamp]
    valid_for: Optional[CertificationValidFor]
    certificate: Optional[str]
    rows_digest: Optional[str]
    score: Optional[str]
    assumptions: list[str]
    suspension: Optional[CertificationSuspension]
    #: The certify rows at each threshold: share accepted, and share of wrong ones among these.
    curve: list[CertificationCurveItem]


class DialPositionNeeded(BaseAnswer):
    labels: Optional[int]
    reason: str


class DialPositionPerMonthCost(BaseAnswer):
    amount: str
    currency: str


class DialPositionPerMonth(BaseAnswer):
    decisions: float
    automated: float
    #: Wrong automated answers, as estimated.
    errors: float
    #: What the guarantee allows.
    errors_at_most: float
    reviewer_minutes: float
    audit_minutes: float
    cost: DialPositionPerMonthCost


class DialPosition(BaseAnswer):
    max_error: float
    confidence: float
    status: Union[Literal["certified", "not_certifiable_yet"], str]
    threshold: Optional[float]
    #: 0…1
    expected_coverage: float
    expected_error: Optional[float]
    needed: Optional[DialPositionNeeded] = None
    per_month: Optional[DialPositionPerMonth]


class CertificationPreview(BaseAnswer):
    present: DialPosition
    asked: Optional[DialPosition]
    dial: list[DialPosition]
    decisions_last_30_days: Optional[int]
    model_version: str


class DatasetVersionLabel(BaseAnswer):
    name: str
    rows: int


class DatasetVersionSource(BaseAnswer):
    #: Where the label comes from; all but `import` are labels of decisions.
    name: Union[Literal["import", "reviewer", "audit", "application"], str]
    rows: int


class DatasetVersion(BaseAnswer):
    id: str
    rows: int
    labels: list[DatasetVersionLabel]
    #: Sets of rows that are never split: duplicates, near-duplicates and rows of one subject.
    groups: int
    #: Rows whose input stands under another label too.
    conflicts: int
    sources: list[DatasetVersionSource]
    #: RFC 3339, UTC.
    created_at: Timestamp


class DatasetList(BaseAnswer):
    data: list[DatasetVersion]
    next_cursor: Optional[str]


class DatasetDiffSummaryRelabelling(BaseAnswer):
    from_: str = Field(alias='from')
    to: str
    rows: int


class DatasetDiffSummary(BaseAnswer):
    relabelled: int
    added: int
    removed: int
    changed: int
    unchanged: int
    #: Between which labels rows moved, the most first; at most 100 pairs.
    relabellings: list[DatasetDiffSummaryRelabelling]


class DatasetRowDifferenceBefore(BaseAnswer):
    label: str
    subject: Optional[str]
    external_id: Optional[str]
    occurred_at: Optional[Timestamp]
    attributes: dict[str, Optional[Union[str, float, bool]]]
    #: SHA-256 of the row’s canonical content, hex.
    digest: str
    #: Where the label comes from; all but `import` are labels of decisions.
    source: Union[Literal["import", "reviewer", "audit", "application"], str]
    probability: Optional[float]
    decision: Optional[str]
    labelled_at: Optional[Timestamp]


class DatasetRowDifferenceAfter(BaseAnswer):
    label: str
    subject: Optional[str]
    external_id: Optional[str]
    occurred_at: Optional[Timestamp]
    attributes: dict[str, Optional[Union[str, float, bool]]]
    #: SHA-256 of the row’s canonical content, hex.
    digest: str
    #: Where the label comes from; all but `import` are labels of decisions.
    source: Union[Literal["import", "reviewer", "audit", "application"], str]
    probability: Optional[float]
    decision: Optional[str]
    labelled_at: Optional[Timestamp]


class DatasetRowDifference(BaseAnswer):
    #: `changed`: the same text and label, but something else about the row differs.
    change: Union[Literal["relabelled", "added", "removed", "changed"], str]
    text: str
    #: As the base has it; null = it does not.
    before: Optional[DatasetRowDifferenceBefore]
    #: As this version has it; null = it does not.
    after: Optional[DatasetRowDifferenceAfter]


class DatasetDiff(BaseAnswer):
    base: str
    dataset: str
    #: Of all rows, whatever the filter and the page.
    summary: DatasetDiffSummary
    data: list[DatasetRowDifference]
    next_cursor: Optional[str]


class Example(BaseAnswer):
    id: str
    input: dict[str, str]
    label: str
    subject: Optional[str]
    external_id: Optional[str]
    occurred_at: Optional[Timestamp]
    attributes: dict[str, Optional[Union[str, float, bool]]]
    conflict: bool
    #: Where the label comes from; all but `import` are labels of decisions.
    source: Union[Literal["import", "reviewer", "audit", "application"], str]
    #: With which probability the decision was to be labelled; null = unknown, as for every import.
    probability: Optional[float]
    decision: Optional[str]
    labelled_at: Optional[Timestamp]
    #: RFC 3339, UTC.
    created_at: Timestamp


class ExampleList(BaseAnswer):
    data: list[Example]
    next_cursor: Optional[str]


class ImportResponseProblem(BaseAnswer):
    #: Where the row starts; in JSON the number of the example, from 1.
    line: int
    code: str
    detail: str
    #: JSON pointer into the row; in JSON into the body.
    pointer: str


class ImportResponse(BaseAnswer):
    accepted: int
    #: Not stored again: the task has this input with this label.
    duplicates: int
    #: Stored and marked: an earlier row has the same input and another label.
    conflicts: int
    rejected: int
    #: The first 100.
    problems: list[ImportResponseProblem]
    new_labels: list[str]


class ExampleStatsLabel(BaseAnswer):
    name: str
    examples: int


class ExampleStatsSource(BaseAnswer):
    #: Where the label comes from; all but `import` are labels of decisions.
    name: Union[Literal["import", "reviewer", "audit", "application"], str]
    examples: int


class ExampleStats(BaseAnswer):
    examples: int
    #: Rows whose input stands under more than one label.
    conflicts: int
    labels: list[ExampleStatsLabel]
    sources: list[ExampleStatsSource]


class QualityErrorBudget(BaseAnswer):
    max_error: float
    confidence: float


class QualityTotal(BaseAnswer):
    decisions: int
    automated: int
    review: int
    automation_rate: Optional[float]
    human_touch_rate: Optional[float]
    audited_error: AuditedError
    #: Decisions left to a person that a person has answered.
    answered: int
    #: Decisions that wait for a person: unanswered reviews and audits.
    waiting: int
    suggestion_error: Estimate


class QualityGroup(BaseAnswer):
    #: The label, model version, reason, band (`0.90-0.92`) or start of the time bucket.
    key: str
    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    decisions: int
    automated: int
    review: int
    automation_rate: Optional[float]
    human_touch_rate: Optional[float]
    audited_error: AuditedError
    #: Decisions left to a person that a person has answered.
    answered: int
    #: Decisions that wait for a person: unanswered reviews and audits.
    waiting: int
    suggestion_error: Estimate


class LabelQuality(BaseAnswer):
    """How good the model’s word for one label is over everything it saw: its automated answers (from the audits, weighted) and its suggestions (from the reviews)."""

    label: str
    precision: Estimate
    recall: Estimate
    f1: Estimate
    automated_precision: Estimate
    #: Decisions answered with, or suggested as, this label.
    answered: int
    automated: int
    #: Labelled rows of this answer or of this truth that the figures rest on.
    known: int


class QualityConfusionItem(BaseAnswer):
    answered: Optional[str]
    truth: str
    lane: Union[Literal["audited", "reviewed"], str]
    rows: int
    #: How many decisions of the window these rows stand for.
    decisions: float


class QualityConfidenceDistributionItem(BaseAnswer):
    low: float
    high: float
    automated: int
    review: int


class QualityLatencyMs(BaseAnswer):
    p50: Optional[float]
    p95: Optional[float]
    p99: Optional[float]


class QualitySeconds(BaseAnswer):
    reviewer: float
    audit: float


class QualityEvidence(BaseAnswer):
    ledger_size: int


class Quality(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    interval: Union[Literal["anytime", "fixed"], str]
    confidence: float
    error_budget: QualityErrorBudget
    total: QualityTotal
    by: Optional[Union[Literal["label", "model_version", "reason", "band", "day", "hour"], str]]
    groups: list[QualityGroup]
    labels: list[LabelQuality]
    #: Wrong answers and suggestions, most frequent first (at most 100).
    confusion: list[QualityConfusionItem]
    confidence_distribution: list[QualityConfidenceDistributionItem]
    latency_ms: QualityLatencyMs
    #: Decisions an hour, over the hours of the window that have passed.
    throughput_per_hour: float
    labels_by_source: dict[str, int]
    seconds: QualitySeconds
    #: Commits of the ledger that the figures rest on.
    evidence: QualityEvidence
    method: str


class ReplayList(BaseAnswer):
    data: list[Replay]
    next_cursor: Optional[str]


class RetrainingLastRunPromotion(BaseAnswer):
    promoted: bool
    reason: str


class RetrainingLastRun(BaseAnswer):
    id: str
    status: str
    requested_by: str
    model_version: Optional[str]
    promotion: Optional[RetrainingLastRunPromotion]
    #: RFC 3339, UTC.
    created_at: Timestamp
    finished_at: Optional[Timestamp]


class RetrainingLastDecision(BaseAnswer):
    run: str
    #: RFC 3339, UTC.
    at: Timestamp
    reason: str


class Retraining(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    mode: Union[Literal["auto", "off"], str]
    #: Labels that no run has learnt from.
    new_labels: int
    #: New labels at which a run starts. Doubled by each run that did not pay.
    needed: int
    #: What is waited for now, in plain words.
    reason: str
    #: At the latest; null when it is off.
    next_check: Optional[Timestamp]
    last_run: Optional[RetrainingLastRun]
    #: The last run that the policy began, and why.
    last_decision: Optional[RetrainingLastDecision]


class TrainingRunList(BaseAnswer):
    data: list[TrainingRun]
    next_cursor: Optional[str]


class TrailId(BaseAnswer):
    kind: str
    id: str


class TrailStep(BaseAnswer):
    #: Null where nothing says when.
    at: Optional[Timestamp]
    place: Union[Literal["source", "job", "decision", "review", "label", "reply", "webhook", "callback", "dead_letter", "replay"], str]
    id: str
    #: For people; its words may change.
    what: str
    #: Where it is now, or how it ended there.
    current: bool
    details: dict[str, Any]


class Trail(BaseAnswer):
    id: str
    #: What the trail leads over: messages, jobs, decisions, dead letters, replies.
    ids: list[TrailId]
    #: Oldest first.
    steps: list[TrailStep]
    #: False where it leads on further than is shown.
    complete: bool


class ValueReportErrorRate(BaseAnswer):
    estimate: Optional[float]
    low: Optional[float]
    high: Optional[float]
    audited: int
    wrong: int
    confidence: float
    method: str
    note: Optional[str]


class ValueReportCost(BaseAnswer):
    model: Optional[str]
    api: Optional[str]
    reviewer: Optional[str]
    reviewer_minutes: float
    audit: Optional[str]
    audit_minutes: float
    infrastructure: Optional[str]
    errors: Optional[str]
    total: Optional[str]


class ValueReportWork(BaseAnswer):
    verdicts: int
    verdicts_without_time: int
    waiting: int
    by_hand: int
    audit_verdicts: int
    audit_verdicts_without_time: int


class ValueReportBaseline(BaseAnswer):
    minutes: float
    cost: Optional[str]


class ValueReportSavings(BaseAnswer):
    amount: Optional[str]
    rate: Optional[float]
    #: The rate, were the error at its high end.
    low: Optional[float]
    high: Optional[float]
    amount_low: Optional[str]
    amount_high: Optional[str]
    note: Optional[str]


class ValueReportCurrencie(BaseAnswer):
    currency: str
    baseline: Optional[str]
    total: Optional[str]
    savings: Optional[str]
    rate: Optional[float]


class ValueTaskErrorRate(BaseAnswer):
    estimate: Optional[float]
    low: Optional[float]
    high: Optional[float]
    audited: int
    wrong: int
    confidence: float
    method: str
    note: Optional[str]


class ValueTaskCost(BaseAnswer):
    model: Optional[str]
    api: Optional[str]
    reviewer: Optional[str]
    reviewer_minutes: float
    audit: Optional[str]
    audit_minutes: float
    infrastructure: Optional[str]
    errors: Optional[str]
    total: Optional[str]


class ValueTaskWork(BaseAnswer):
    verdicts: int
    verdicts_without_time: int
    waiting: int
    by_hand: int
    audit_verdicts: int
    audit_verdicts_without_time: int


class ValueTaskBaseline(BaseAnswer):
    minutes: float
    cost: Optional[str]


class ValueTaskSavings(BaseAnswer):
    amount: Optional[str]
    rate: Optional[float]
    #: The rate, were the error at its high end.
    low: Optional[float]
    high: Optional[float]
    amount_low: Optional[str]
    amount_high: Optional[str]
    note: Optional[str]


class ValueTaskEconomics(BaseAnswer):
    currency: str
    minutes_per_item: float
    cost_per_hour: str
    cost_of_error: str
    infrastructure_per_month: str


class ValueTask(BaseAnswer):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    task_id: str
    title: str
    decisions: int
    automated: int
    automation_rate: Optional[float]
    #: (Left to people + audited) / all. Neither rate replaces the other.
    human_touch_rate: Optional[float]
    currency: Optional[str]
    #: Share of automated decisions that were wrong, from the blind audit alone.
    error_rate: ValueTaskErrorRate
    cost: ValueTaskCost
    #: What the minutes are made of. `waiting` and `by_hand` items count with the task’s minutes by hand.
    work: ValueTaskWork
    baseline: ValueTaskBaseline
    savings: ValueTaskSavings
    economics: ValueTaskEconomics


class ValueBucketErrorRate(BaseAnswer):
    estimate: Optional[float]
    low: Optional[float]
    high: Optional[float]
    audited: int
    wrong: int
    confidence: float
    method: str
    note: Optional[str]


class ValueBucketCost(BaseAnswer):
    model: Optional[str]
    api: Optional[str]
    reviewer: Optional[str]
    reviewer_minutes: float
    audit: Optional[str]
    audit_minutes: float
    infrastructure: Optional[str]
    errors: Optional[str]
    total: Optional[str]


class ValueBucketWork(BaseAnswer):
    verdicts: int
    verdicts_without_time: int
    waiting: int
    by_hand: int
    audit_verdicts: int
    audit_verdicts_without_time: int


class ValueBucketBaseline(BaseAnswer):
    minutes: float
    cost: Optional[str]


class ValueBucketSavings(BaseAnswer):
    amount: Optional[str]
    rate: Optional[float]
    #: The rate, were the error at its high end.
    low: Optional[float]
    high: Optional[float]
    amount_low: Optional[str]
    amount_high: Optional[str]
    note: Optional[str]


class ValueBucket(BaseAnswer):
    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    decisions: int
    automated: int
    automation_rate: Optional[float]
    #: (Left to people + audited) / all. Neither rate replaces the other.
    human_touch_rate: Optional[float]
    currency: Optional[str]
    #: Share of automated decisions that were wrong, from the blind audit alone.
    error_rate: ValueBucketErrorRate
    cost: ValueBucketCost
    #: What the minutes are made of. `waiting` and `by_hand` items count with the task’s minutes by hand.
    work: ValueBucketWork
    baseline: ValueBucketBaseline
    savings: ValueBucketSavings


class ValueReportEvidence(BaseAnswer):
    ledger_head: str
    #: Commits of the ledger that the figures have seen.
    ledger_size: int
    #: Ledger rows that the figures rest on: decisions and their labels.
    rows: int
    #: Of deleted tasks: not priced and in no figure.
    decisions_without_task: int
    #: How many audits the recorded probabilities add up to.
    audits_expected: float
    audits_done: int


class ValueReport(BaseAnswer):
    task: Optional[str]
    #: RFC 3339, UTC.
    from_: Timestamp = Field(alias='from')
    #: RFC 3339, UTC.
    to: Timestamp
    bucket: Union[Literal["hour", "day", "week", "month"], str]
    #: RFC 3339, UTC.
    generated_at: Timestamp
    decisions: int
    automated: int
    automation_rate: Optional[float]
    #: (Left to people + audited) / all. Neither rate replaces the other.
    human_touch_rate: Optional[float]
    currency: Optional[str]
    #: Share of automated decisions that were wrong, from the blind audit alone.
    error_rate: ValueReportErrorRate
    cost: ValueReportCost
    #: What the minutes are made of. `waiting` and `by_hand` items count with the task’s minutes by hand.
    work: ValueReportWork
    baseline: ValueReportBaseline
    savings: ValueReportSavings
    #: The totals of each currency.
    currencies: list[ValueReportCurrencie]
    tasks: list[ValueTask]
    #: Those with decisions, oldest first.
    buckets: list[ValueBucket]
    evidence: ValueReportEvidence
    #: How each figure was computed, in plain words.
    method: dict[str, str]
    notes: list[str]


class WebhookDisabled(BaseAnswer):
    reason: Union[Literal["asked", "gone", "failing"], str]
    #: RFC 3339, UTC.
    at: Timestamp


class WebhookHealth(BaseAnswer):
    #: In a row, since the last success.
    failures: int
    failing_since: Optional[Timestamp]
    resting_until: Optional[Timestamp]
    last_success_at: Optional[Timestamp]
    last_failure_at: Optional[Timestamp]
    last_problem: Optional[str]


class Webhook(BaseAnswer):
    """An endpoint of the application."""

    id: str
    url: str
    events: list[str]
    task: Optional[str]
    description: Optional[str]
    status: Union[Literal["enabled", "disabled"], str]
    disabled: Optional[WebhookDisabled]
    health: WebhookHealth
    previous_secret_until: Optional[Timestamp]
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp


class WebhookList(BaseAnswer):
    data: list[Webhook]
    next_cursor: Optional[str]


class NewWebhookDisabled(BaseAnswer):
    reason: Union[Literal["asked", "gone", "failing"], str]
    #: RFC 3339, UTC.
    at: Timestamp


class NewWebhookHealth(BaseAnswer):
    #: In a row, since the last success.
    failures: int
    failing_since: Optional[Timestamp]
    resting_until: Optional[Timestamp]
    last_success_at: Optional[Timestamp]
    last_failure_at: Optional[Timestamp]
    last_problem: Optional[str]


class NewWebhook(BaseAnswer):
    id: str
    url: str
    events: list[str]
    task: Optional[str]
    description: Optional[str]
    status: Union[Literal["enabled", "disabled"], str]
    disabled: Optional[NewWebhookDisabled]
    health: NewWebhookHealth
    previous_secret_until: Optional[Timestamp]
    created_by: str
    #: RFC 3339, UTC.
    created_at: Timestamp
    #: RFC 3339, UTC.
    updated_at: Timestamp
    #: `whsec_…`: verifies signatures (Standard Webhooks). Shown in this answer and never again.
    secret: str = Field(repr=False)


class WebhookDelivery(BaseAnswer):
    """One event on its way to one receiver."""

    id: str
    webhook: Optional[str]
    url: Optional[str]
    #: Id of the event; the header `webhook-id`.
    event: str
    type: str
    subject: str
    status: Union[Literal["waiting", "delivered", "failed"], str]
    attempts: int
    next_attempt_at: Optional[Timestamp]
    #: RFC 3339, UTC.
    gives_up_at: Timestamp
    #: RFC 3339, UTC.
    created_at: Timestamp
    finished_at: Optional[Timestamp]
    response_status: Optional[int]
    problem: Optional[str]


class WebhookDeliveryList(BaseAnswer):
    data: list[WebhookDelivery]
    next_cursor: Optional[str]


class WebhookDeliveryDetailLogItem(BaseAnswer):
    number: int
    #: RFC 3339, UTC.
    at: Timestamp
    duration_ms: int
    response_status: Optional[int]
    problem: Optional[str]
    detail: Optional[str]
    response_body: Optional[str]


class WebhookDeliveryDetail(BaseAnswer):
    id: str
    webhook: Optional[str]
    url: Optional[str]
    #: Id of the event; the header `webhook-id`.
    event: str
    type: str
    subject: str
    status: Union[Literal["waiting", "delivered", "failed"], str]
    attempts: int
    next_attempt_at: Optional[Timestamp]
    #: RFC 3339, UTC.
    gives_up_at: Timestamp
    #: RFC 3339, UTC.
    created_at: Timestamp
    finished_at: Optional[Timestamp]
    response_status: Optional[int]
    problem: Optional[str]
    body: Optional[str]
    log: list[WebhookDeliveryDetailLogItem]


class CallbackSecret(BaseAnswer):
    """What the callbacks of jobs are signed with."""

    #: `whsec_…`: verifies signatures (Standard Webhooks). Shown in this answer and never again.
    secret: str = Field(repr=False)
    previous_secret_until: Optional[Timestamp]


class WorkspaceList(BaseAnswer):
    data: list[Workspace]
    next_cursor: Optional[str]


class NewWorkspaceOwner(BaseAnswer):
    member: Member
    sign_in: SignInCode


class NewWorkspace(BaseAnswer):
    """A workspace and its first key, which holds every scope."""

    workspace: Workspace
    key: NewApiKey
    owner: Optional[NewWorkspaceOwner] = None


class WorkspaceQuota(BaseAnswer):
    """What a workspace may ask for, whatever its keys may."""

    #: Of all keys and members together; null = the default of the server (`UNDERSTUDY_WORKSPACE_QUOTA`). Counted in each gateway by itself.
    requests_per_minute: Optional[int]


class ReadinessScheduler(BaseAnswer):
    leads: bool
    epoch: Optional[int]


class Readiness(BaseAnswer):
    status: str
    not_ready: list[str]
    roles: list[str]
    scheduler: Optional[ReadinessScheduler]


class ServerVersion(BaseAnswer):
    name: str
    version: str
    node: str
