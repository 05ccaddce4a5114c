<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For sources()->put().
 */
final class SourceRequest extends Request
{
    protected const FIELDS = [
        'bus' => 'bus',
        'topic' => 'topic',
        'task' => 'task',
        'mapping' => 'mapping',
        'group' => 'group',
        'format' => 'format',
        'replyTo' => 'reply_to',
    ];

    /**
     * @param string $bus A name of UNDERSTUDY_BUSES, `postgres`, or `http`: events of POST /v1/events.
     * @param string $topic Topic or queue to read; of the bus `http` the `type` of the events that it takes.
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param SourceMapping|array<string, mixed> $mapping Where values stand in the message. `$` is its JSON; of a
     *     CloudEvent the event with its attributes and `data`. `input` and `external_id` must be found, `subject` and
     *     attributes may be absent.
     * @param string|null $group Consumer group; absent = understudy-<workspace>-<source>.
     * @param string|null $format `json`, `cloudevents`. Absent = json; cloudevents of the bus `http`. CloudEvents
     *     come in binary or structured mode.
     * @param SourceReplyTo|array<string, mixed>|null $replyTo Where decisions are published; absent = nowhere.
     */
    public function __construct(
        public readonly string $bus,
        public readonly string $topic,
        public readonly string $task,
        public readonly SourceMapping|array $mapping,
        public readonly ?string $group = null,
        public readonly ?string $format = null,
        public readonly SourceReplyTo|array|null $replyTo = null,
    ) {
    }
}
