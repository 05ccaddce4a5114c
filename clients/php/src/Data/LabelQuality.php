<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * How good the model’s word for one label is over everything it saw: its automated answers (from the audits,
 * weighted) and its suggestions (from the reviews).
 */
final class LabelQuality extends Record
{
    /**
     * @param int $answered Decisions answered with, or suggested as, this label.
     * @param int $known Labelled rows of this answer or of this truth that the figures rest on.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $label,
        public readonly Estimate $precision,
        public readonly Estimate $recall,
        public readonly Estimate $f1,
        public readonly Estimate $automatedPrecision,
        public readonly int $answered,
        public readonly int $automated,
        public readonly int $known,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['label'] ?? null),
            Estimate::fromArray(Read::object($data['precision'] ?? null)),
            Estimate::fromArray(Read::object($data['recall'] ?? null)),
            Estimate::fromArray(Read::object($data['f1'] ?? null)),
            Estimate::fromArray(Read::object($data['automated_precision'] ?? null)),
            Read::int($data['answered'] ?? null),
            Read::int($data['automated'] ?? null),
            Read::int($data['known'] ?? null),
            $data,
        );
    }
}
