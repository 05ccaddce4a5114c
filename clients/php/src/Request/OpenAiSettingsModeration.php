<?php

// Written by scripts/generate_requests.php from contracts/openapi.json: do not edit.

declare(strict_types=1);

namespace Understudy\Client\Request;

/**
 * A part of a request.
 */
final class OpenAiSettingsModeration extends Request
{
    protected const FIELDS = [
        'task' => 'task',
        'flaggedLabels' => 'flagged_labels',
        'review' => 'review',
        'categories' => 'categories',
    ];

    protected const NULLS = ['review'];

    protected const MAPS = ['categories'];

    /**
     * @param string $task Lower-case letters, digits and hyphens; starts with a letter; at most 63 characters.
     * @param list<string> $flaggedLabels A decision for one of these is `flagged`; labels that are not named are
     *     not.
     * @param mixed $review What an answer says while a person still has to decide: `flag` = flagged, `pass` = not
     *     flagged, `suggestion` = as the suggestion would be, and flagged where there is none.
     * @param array<string, mixed>|null $categories Which standard category a label counts for, beside being one
     *     itself. A label that is named as one needs no entry.
     */
    public function __construct(
        public readonly string $task,
        public readonly array $flaggedLabels,
        public readonly mixed $review,
        public readonly ?array $categories = null,
    ) {
    }
}
