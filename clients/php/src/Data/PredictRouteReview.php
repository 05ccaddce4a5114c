<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

/**
 * The answer while a person still has to decide: `$.label` is null then, `$.suggestion` may be there.
 */
final class PredictRouteReview extends Record
{
    /**
     * @param mixed $response Any JSON. In its strings, `{{$.path}}` stands for a fact of the decision: alone in a
     *     string for the value as it is, else for its text.
     * @param int|null $status Not with `request.items`.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly mixed $response = null,
        public readonly ?int $status = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            $data['response'] ?? null,
            Read::nullableInt($data['status'] ?? null),
            $data,
        );
    }
}
