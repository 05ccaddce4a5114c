<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * For examples()->import(), as a row.
 */
final class ExampleRequest extends Request
{
    protected const FIELDS = [
        'input' => 'input',
        'label' => 'label',
        'subject' => 'subject',
        'externalId' => 'external_id',
        'occurredAt' => 'occurred_at',
        'attributes' => 'attributes',
    ];

    protected const NULLS = ['subject', 'externalId', 'occurredAt'];

    protected const MAPS = ['input', 'attributes'];

    /**
     * @param array<string, string> $input The fields of the task’s input, e.g. `text`.
     * @param string|null|Leave $subject Null empties it.
     * @param string|null|Leave $externalId Null empties it.
     * @param \DateTimeInterface|string|null|Leave $occurredAt RFC 3339, UTC. Null empties it.
     * @param array<string, string|float|bool|null>|null $attributes
     */
    public function __construct(
        public readonly array $input,
        public readonly string $label,
        public readonly string|Leave|null $subject = Leave::Out,
        public readonly string|Leave|null $externalId = Leave::Out,
        public readonly \DateTimeInterface|string|Leave|null $occurredAt = Leave::Out,
        public readonly ?array $attributes = null,
    ) {
    }
}
