"""What is sent to the server. Written by scripts/generate_models.py."""

# ruff: noqa: E501
import datetime
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Optional, Union

from typing_extensions import NotRequired, TypedDict


class AcknowledgeRequest(TypedDict):
    note: NotRequired[str]


class DeadLetterDiscardRequest(TypedDict):
    reason: NotRequired[str]


class DeadLetterReplayRequestFilter(TypedDict):
    #: `failed` = ran out of attempts; `unprocessable` = can never succeed as it is.
    kind: NotRequired[Literal["failed", "unprocessable"]]
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: NotRequired[str]
    #: `job`, `source` or `outgoing`, or one of them: `job:job_…`.
    origin: NotRequired[str]


class DeadLetterReplayRequestEdit(TypedDict):
    id: str
    #: Of a job’s letter: the new `input`. Of any other: the new content, as JSON; a text goes as it is.
    input: Any


class DeadLetterReplayRequest(TypedDict):
    ids: NotRequired[Sequence[str]]
    #: Instead of `ids`; `{}` = all that wait.
    filter: NotRequired[DeadLetterReplayRequestFilter]
    edits: NotRequired[Sequence[DeadLetterReplayRequestEdit]]


class LabelRequest(TypedDict):
    label: str
    source: Literal["application", "appeal"]
    note: NotRequired[str]
    #: Id of the person in your application who decided. Without one, a label equal to our answer is an echo.
    person: NotRequired[str]


class JobRequestInput(TypedDict):
    text: str


class JobItemInput(TypedDict):
    text: str


class JobItem(TypedDict):
    input: JobItemInput
    #: Whom or what the item is about.
    subject: NotRequired[str]
    external_id: NotRequired[str]
    #: Facts about the item that are not input, e.g. for bias audits.
    attributes: NotRequired[Mapping[str, Optional[Union[str, float, bool]]]]


class JobRequestReplyTo(TypedDict):
    #: A name that the operator configured.
    bus: str
    topic: str


class JobRequest(TypedDict):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    input: NotRequired[JobRequestInput]
    #: Instead of `input`.
    items: NotRequired[Sequence[JobItem]]
    #: Whom or what the item is about.
    subject: NotRequired[str]
    external_id: NotRequired[str]
    #: Facts about the item that are not input, e.g. for bias audits.
    attributes: NotRequired[Mapping[str, Optional[Union[str, float, bool]]]]
    #: Gets `job.finished` with the decision, signed with the workspace’s callback secret.
    callback_url: NotRequired[str]
    reply_to: NotRequired[JobRequestReplyTo]
    #: RFC 3339, UTC.
    not_before: NotRequired[Union[str, datetime.datetime]]
    #: Higher ones are served first.
    priority: NotRequired[int]


class AliasRequest(TypedDict):
    version: str
    reason: NotRequired[str]


class OpenAiSettingsRequestModerationItem(TypedDict):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: A decision for one of these is `flagged`; labels that are not named are not.
    flagged_labels: Sequence[str]
    #: What an answer says while a person still has to decide: `flag` = flagged, `pass` = not flagged, `suggestion` = as the suggestion would be, and flagged where there is none.
    review: Any
    #: Which standard category a label counts for, beside being one itself. A label that is named as one needs no entry.
    categories: NotRequired[Mapping[str, Any]]


class OpenAiSettingsRequest(TypedDict):
    #: Answers for the well-known moderation models, and for requests that name none. One of `moderation`.
    default_moderation_task: Optional[str]
    #: Tasks that answer moderation requests.
    moderation: Sequence[OpenAiSettingsRequestModerationItem]


class PredictRouteRequestRequest(TypedDict):
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    text: str
    #: An array in the request, an item each; the other paths then begin at the item.
    items: NotRequired[str]
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    external_id: NotRequired[str]
    #: JSONPath (RFC 9535) of names and indexes only, as `$.comment.body`.
    subject: NotRequired[str]
    attributes: NotRequired[Mapping[str, str]]


class PredictRouteRequestReview(TypedDict):
    #: Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a string for the value as it is, else for its text.
    response: Any
    #: Not with `request.items`.
    status: NotRequired[int]


class PredictRouteRequest(TypedDict):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: Where it answers, behind `/compat/`; one to three segments.
    path: NotRequired[str]
    request: PredictRouteRequestRequest
    #: What the application calls our labels: `$.value` and `$.suggestion.value` in templates.
    labels: NotRequired[Mapping[str, Optional[Union[str, float, bool]]]]
    #: The answer to an automated item. Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a string for the value as it is, else for its text.
    response: Any
    #: The answer while a person still has to decide: `$.label` is null then, `$.suggestion` may be there.
    review: PredictRouteRequestReview
    #: With `request.items`: what stands around the answers, `{{$.answers}}`. Absent = the bare array.
    envelope: NotRequired[Any]


class PredictionRequestInput(TypedDict):
    text: str


class PredictionRequest(TypedDict):
    input: PredictionRequestInput
    #: Whom or what the item is about.
    subject: NotRequired[str]
    external_id: NotRequired[str]
    #: Facts about the item that are not input, e.g. for bias audits.
    attributes: NotRequired[Mapping[str, Optional[Union[str, float, bool]]]]
    explain: NotRequired[bool]


class BatchRequest(TypedDict):
    items: Sequence[PredictionRequest]


class ReviewClaimRequest(TypedDict):
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: NotRequired[str]
    limit: NotRequired[int]
    #: `leads` = what was escalated; needs the scope review:lead.
    queue: NotRequired[Literal["reviewers", "leads"]]
    #: These items instead of the next ones; needs the scope review:lead.
    items: NotRequired[Sequence[str]]


class ReviewGoldRequest(TypedDict):
    decision: str
    #: What is known to be right.
    label: str


class ReviewHandback(TypedDict):
    """`note` is for the lead who gets the item."""

    #: From the claim. Another claim of the item gets another token, and this one is worth nothing from then on.
    claim_token: str
    note: NotRequired[str]


class ReviewVerdictRequest(TypedDict):
    #: From the claim. Another claim of the item gets another token, and this one is worth nothing from then on.
    claim_token: str
    label: str
    #: Active seconds on this item. Absent = since the claim or the verdict before. Capped by the idle limit.
    seconds: NotRequired[float]
    note: NotRequired[str]


class SourceRequestMappingInput(TypedDict):
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    text: str


class SourceRequestMapping(TypedDict):
    input: SourceRequestMappingInput
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    external_id: NotRequired[str]
    #: JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
    subject: NotRequired[str]
    attributes: NotRequired[Mapping[str, str]]
    #: JSONPath of what makes a message the same as an earlier one. Absent: a CloudEvent’s source and id, else the id that its publisher gave the message, else its place in the topic.
    id: NotRequired[str]


class SourceRequestReplyTo(TypedDict):
    #: Absent = the bus of the source.
    bus: NotRequired[str]
    topic: NotRequired[str]
    #: A topic that the message names as its reply-to goes before `topic`.
    from_message: NotRequired[bool]


class SourceRequest(TypedDict):
    #: A name of UNDERSTUDY_BUSES, `postgres`, or `http`: events of POST /v1/events.
    bus: str
    #: Topic or queue to read; of the bus `http` the `type` of the events that it takes.
    topic: str
    #: Consumer group; absent = understudy-<workspace>-<source>.
    group: NotRequired[str]
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: str
    #: Absent = json; cloudevents of the bus `http`. CloudEvents come in binary or structured mode.
    format: NotRequired[Literal["json", "cloudevents"]]
    #: Where values stand in the message. `$` is its JSON; of a CloudEvent the event with its attributes and `data`. `input` and `external_id` must be found, `subject` and attributes may be absent.
    mapping: SourceRequestMapping
    #: Where decisions are published; absent = nowhere.
    reply_to: NotRequired[SourceRequestReplyTo]


class TaskDefinitionLabel(TypedDict):
    name: str
    description: NotRequired[str]


class TaskDefinitionInputText(TypedDict):
    type: Literal["string"]
    max_length: NotRequired[int]


class TaskDefinitionInput(TypedDict):
    text: TaskDefinitionInputText


class TaskDefinitionErrorBudget(TypedDict):
    max_error: float
    confidence: float


class TaskDefinitionEconomics(TypedDict):
    currency: str
    minutes_per_item: float
    #: A decimal string; its currency stands beside it.
    cost_per_hour: str
    #: A decimal string; its currency stands beside it.
    cost_of_error: str
    #: Share of servers and services, stated for the value report. Default 0.00.
    infrastructure_per_month: NotRequired[str]


class TaskDefinitionAutomationCertified(TypedDict):
    mode: Literal["certified"]


class TaskDefinitionAutomationUncertified(TypedDict):
    mode: Literal["uncertified"]
    min_confidence: float


class TaskDefinitionAutomationOff(TypedDict):
    mode: Literal["off"]


class TaskDefinitionAudit(TypedDict):
    #: Share of automated decisions that a person checks without seeing the answer.
    rate: float
    #: Share in the lower half of the scores above the threshold.
    near_threshold_rate: NotRequired[float]


class TaskDefinitionCertification(TypedDict):
    #: Whether imported examples are a random sample of what will be decided. Only then may they certify, and the certificate says that it assumes so.
    imports: Literal["random_sample", "excluded"]
    #: Labels older than this do not certify.
    window_days: NotRequired[int]


class TaskDefinitionRetraining(TypedDict):
    mode: Literal["auto", "off"]
    min_new_labels: int
    #: New labels as a share of the rows that the champion learnt from.
    min_new_share: float
    min_hours_between: float


class TaskDefinitionReview(TypedDict):
    #: Share of review items that are shown without the model’s suggestion.
    hide_suggestions: float
    double_review_rate: float
    gold_rate: float
    lease_seconds: int
    #: No verdict counts for more working time than this.
    idle_limit_seconds: int


class TaskDefinition(TypedDict):
    kind: Literal["text_classification"]
    labels: Sequence[TaskDefinitionLabel]
    title: NotRequired[str]
    input: NotRequired[TaskDefinitionInput]
    error_budget: NotRequired[TaskDefinitionErrorBudget]
    economics: NotRequired[TaskDefinitionEconomics]
    automation: NotRequired[Union[TaskDefinitionAutomationCertified, TaskDefinitionAutomationUncertified, TaskDefinitionAutomationOff]]
    audit: NotRequired[TaskDefinitionAudit]
    certification: NotRequired[TaskDefinitionCertification]
    retraining: NotRequired[TaskDefinitionRetraining]
    review: NotRequired[TaskDefinitionReview]
    instructions: NotRequired[str]
    personal_data: NotRequired[Sequence[str]]
    sensitive_attributes: NotRequired[Sequence[str]]
    retention_days: NotRequired[int]
    owner: NotRequired[str]


class ReplayRequestWhat(TypedDict):
    max_error: NotRequired[float]
    confidence: NotRequired[float]
    model_version: NotRequired[str]
    threshold: NotRequired[float]


ReplayRequest = TypedDict(
    'ReplayRequest',
    {
    #: Absent = the first decision.
    'from': NotRequired[Union[str, datetime.datetime]],
    #: Absent = now.
    'to': NotRequired[Union[str, datetime.datetime]],
    #: What to change. Nothing: every recorded decision is made again and compared.
    'what': NotRequired[ReplayRequestWhat],
    },
)


class TrainingRunRequest(TypedDict):
    #: `auto` tries all and keeps the best; or a name.
    trainer: NotRequired[str]
    #: Absent = a snapshot of all examples as they stand.
    dataset: NotRequired[str]
    parameters: NotRequired[Mapping[str, Any]]
    seed: NotRequired[int]
    promote: NotRequired[Literal["never", "if_better"]]


class WebhookRequest(TypedDict):
    """With `task`, only events about that task are sent."""

    #: http or https, without user and password. Redirects are not followed.
    url: str
    #: Types of events; `*` is all of them, later ones included.
    events: Sequence[Literal["*", "decision.made", "decision.reviewed", "decision.erased", "label.recorded", "model.promoted", "certificate.issued", "certificate.suspended", "job.finished", "webhook.disabled", "source.failing"]]
    #: Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
    task: NotRequired[str]
    description: NotRequired[str]


class WebhookChange(TypedDict):
    """What is absent stays as it is."""

    #: http or https, without user and password. Redirects are not followed.
    url: NotRequired[str]
    #: Types of events; `*` is all of them, later ones included.
    events: NotRequired[Sequence[Literal["*", "decision.made", "decision.reviewed", "decision.erased", "label.recorded", "model.promoted", "certificate.issued", "certificate.suspended", "job.finished", "webhook.disabled", "source.failing"]]]
    task: NotRequired[Optional[str]]
    description: NotRequired[Optional[str]]


class ApiKeyRequestRateLimit(TypedDict):
    requests_per_minute: int


class ApiKeyRequest(TypedDict):
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: Only scopes that the calling key holds itself.
    scopes: Sequence[str]
    #: Absent = that of the calling key, if it has one.
    expires_at: NotRequired[Union[str, datetime.datetime]]
    #: Counted in each server process by itself.
    rate_limit: NotRequired[ApiKeyRequestRateLimit]


class MemberRequest(TypedDict):
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: To tell people apart; unique within the workspace. Nothing is sent to it.
    email: NotRequired[str]
    role: Literal["owner", "admin", "lead", "reviewer", "viewer"]


class MemberChange(TypedDict):
    """What is absent stays as it is."""

    #: For people; need not be unique. No control characters, no space at the beginning.
    name: NotRequired[str]
    email: NotRequired[Optional[str]]
    role: NotRequired[Literal["owner", "admin", "lead", "reviewer", "viewer"]]
    active: NotRequired[bool]


class SessionRequest1(TypedDict):
    #: A one-time code.
    code: str


class SessionRequest2(TypedDict):
    #: The session has the key’s scopes and ends with it.
    api_key: str


SessionRequest = Union[SessionRequest1, SessionRequest2]


class WorkspaceRequestOwner(TypedDict):
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: To tell people apart; unique within the workspace. Nothing is sent to it.
    email: NotRequired[str]


class WorkspaceRequest(TypedDict):
    #: For people; need not be unique. No control characters, no space at the beginning.
    name: str
    #: It will be filled with example data.
    demo: NotRequired[bool]
    #: Its first member, who signs in with the code in the answer.
    owner: NotRequired[WorkspaceRequestOwner]


class WorkspaceQuota(TypedDict):
    """What a workspace may ask for, whatever its keys may."""

    #: Of all keys and members together; null = the default of the server (`UNDERSTUDY_WORKSPACE_QUOTA`). Counted in each gateway by itself.
    requests_per_minute: Optional[int]
