<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * Where values stand in the message. `$` is its JSON; of a CloudEvent the event with its attributes and `data`.
 * `input` and `external_id` must be found, `subject` and attributes may be absent.
 */
final class SourceMapping extends Record
{
    /**
     * @param string|null $externalId JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
     * @param string|null $subject JSONPath (RFC 9535) of names and indexes: `$.comment.body`, `$["a b"][0]`.
     * @param array<string, string>|null $attributes
     * @param string|null $id JSONPath of what makes a message the same as an earlier one. Absent: a CloudEvent’s
     *     source and id, else the id that its publisher gave the message, else its place in the topic.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly SourceMappingInput $input,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        public readonly ?array $attributes = null,
        public readonly ?string $id = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            SourceMappingInput::fromArray(Read::object($data['input'] ?? null)),
            Read::nullableString($data['external_id'] ?? null),
            Read::nullableString($data['subject'] ?? null),
            \is_array($data['attributes'] ?? null) ? array_map(static fn (mixed $item): string => Read::string($item), Read::object($data['attributes'] ?? null)) : null,
            Read::nullableString($data['id'] ?? null),
            $data,
        );
    }
}
