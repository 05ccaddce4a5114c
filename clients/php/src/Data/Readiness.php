<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class Readiness extends Record
{
    /**
     * @param list<string> $notReady
     * @param list<string> $roles
     * @param ReadinessScheduler|null $scheduler
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $status,
        public readonly array $notReady = [],
        public readonly array $roles = [],
        public readonly ?ReadinessScheduler $scheduler = null,
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
            Read::strings($data['not_ready'] ?? null),
            Read::strings($data['roles'] ?? null),
            \is_array($data['scheduler'] ?? null) ? ReadinessScheduler::fromArray(Read::object($data['scheduler'] ?? null)) : null,
            $data,
        );
    }
}
