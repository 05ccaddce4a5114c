<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class DialPositionPerMonth extends Record
{
    /**
     * @param float $errors Wrong automated answers, as estimated.
     * @param float $errorsAtMost What the guarantee allows.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly float $decisions,
        public readonly float $automated,
        public readonly float $errors,
        public readonly float $errorsAtMost,
        public readonly float $reviewerMinutes,
        public readonly float $auditMinutes,
        public readonly Money $cost,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::float($data['decisions'] ?? null),
            Read::float($data['automated'] ?? null),
            Read::float($data['errors'] ?? null),
            Read::float($data['errors_at_most'] ?? null),
            Read::float($data['reviewer_minutes'] ?? null),
            Read::float($data['audit_minutes'] ?? null),
            Money::fromArray(Read::object($data['cost'] ?? null)),
            $data,
        );
    }
}
