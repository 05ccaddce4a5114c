<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * Where values stand in the message. `$` is its JSON; of a CloudEvent the event with its attributes and `data`.
 * `input` and `external_id` must be found, `subject` and attributes may be absent.
 */
final class SourceMapping extends Request
{
    protected const FIELDS = [
        'input' => 'input',
        'externalId' => 'external_id',
        'subject' => 'subject',
        'attributes' => 'attributes',
        'id' => 'id',
    ];

    protected const MAPS = ['attributes'];

    /**
     * @param SourceMappingInput|array<string, mixed> $input
     * @param string|null $externalId JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
     * @param string|null $subject JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
     * @param array<string, string>|null $attributes
     * @param string|null $id JSONPath of what makes a message the same as an earlier one. Absent: a CloudEvent’s
     *     source and id, else the id that its publisher gave the message, else its place in the topic.
     */
    public function __construct(
        public readonly SourceMappingInput|array $input,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        public readonly ?array $attributes = null,
        public readonly ?string $id = null,
    ) {
    }
}
