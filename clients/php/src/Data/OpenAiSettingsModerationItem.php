<?php

// Written by scripts/generate.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Data;

use Understudy\Client\Internal\Read;
use Understudy\Client\Record;

final class OpenAiSettingsModerationItem extends Record
{
    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param list<string> $flaggedLabels A decision for one of these is `flagged`; labels that are not named are
     *     not.
     * @param mixed $review What an answer says while a person still has to decide: `flag` = flagged, `pass` = not
     *     flagged, `suggestion` = as the suggestion would be, and flagged where there is none.
     * @param array<string, mixed>|null $categories Which standard category a label counts for, beside being one
     *     itself. A label that is named as one needs no entry.
     * @param array<string, mixed> $raw as the server sent it
     */
    public function __construct(
        public readonly string $task,
        public readonly array $flaggedLabels = [],
        public readonly mixed $review = null,
        public readonly ?array $categories = null,
        array $raw = [],
    ) {
        parent::__construct($raw);
    }

    /** @param array<mixed> $data tolerant: missing and unknown fields do no harm */
    public static function fromArray(array $data): self
    {
        $data = Read::object($data);

        return new self(
            Read::string($data['task'] ?? null),
            Read::strings($data['flagged_labels'] ?? null),
            $data['review'] ?? null,
            Read::nullableObject($data['categories'] ?? null),
            $data,
        );
    }
}
