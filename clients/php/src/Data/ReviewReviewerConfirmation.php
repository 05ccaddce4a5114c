<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * `shown`: how often a suggestion that the reviewer saw was confirmed; `blind`: how often the reviewer agreed with
 * one unseen; p-value of Fisher’s exact test that seeing it changes nothing.
 */
final class ReviewReviewerConfirmation extends Record
{
    /**
     * @param Proportion $shown count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
     * @param Proportion $blind count of n, with its exact 95 % interval (Clopper–Pearson); null without evidence.
     * @param float|null $pValue
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly Proportion $shown,
        public readonly Proportion $blind,
        public readonly ?float $pValue = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Proportion::fromArray(Read::object($data['shown'] ?? null)),
            Proportion::fromArray(Read::object($data['blind'] ?? null)),
            Read::nullableFloat($data['p_value'] ?? null),
            $data,
        );
    }
}
