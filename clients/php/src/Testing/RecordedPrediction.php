<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

/** An item that was to be decided. */
final class RecordedPrediction
{
    /**
     * @param string                                    $task       slug
     * @param array<string, mixed>                      $input      the input object; text stands in `text`
     * @param array<string, string|int|float|bool|null> $attributes
     */
    public function __construct(
        public readonly string $task,
        public readonly array $input,
        public readonly ?string $subject,
        public readonly ?string $externalId,
        public readonly array $attributes,
        public readonly bool $explain,
    ) {
    }

    /** The text of the input; empty when it has none. */
    public function text(): string
    {
        return \is_string($this->input['text'] ?? null) ? $this->input['text'] : '';
    }
}
