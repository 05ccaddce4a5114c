<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class EventReceiptsEntry extends Record
{
    /**
     * @param string $status `accepted`, `duplicate`, `rejected`. `duplicate`: it was taken before; the ids are
     *     those of then.
     * @param string|null $id The event’s own id.
     * @param string|null $eventSource The event’s own source.
     * @param string|null $source Which of your sources took it.
     * @param string|null $message For GET /v1/trail.
     * @param string|null $decision
     * @param Failure|null $problem Why it was rejected.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $status,
        public readonly ?string $id = null,
        public readonly ?string $eventSource = null,
        public readonly ?string $source = null,
        public readonly ?string $message = null,
        public readonly ?string $decision = null,
        public readonly ?Failure $problem = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['status'] ?? null),
            Read::nullableString($data['id'] ?? null),
            Read::nullableString($data['event_source'] ?? null),
            Read::nullableString($data['source'] ?? null),
            Read::nullableString($data['message'] ?? null),
            Read::nullableString($data['decision'] ?? null),
            \is_array($data['problem'] ?? null) ? Failure::fromArray(Read::object($data['problem'] ?? null)) : null,
            $data,
        );
    }
}
