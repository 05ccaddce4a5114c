<?php

declare(strict_types=1);

namespace Understudy\Client;

/** What one prediction takes beside its input. */
final class PredictOptions
{
    /**
     * @param string|null                              $subject    whom or what the item is about
     * @param string|null                              $externalId your id of the item
     * @param array<string, string|int|float|bool|null>|null $attributes facts about the item that are not input
     * @param bool                                     $explain    ask for what spoke for the label
     * @param Fallback|null                            $fallback   null: as the client is configured
     */
    public function __construct(
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly ?array $attributes = null,
        public readonly bool $explain = false,
        public readonly ?Fallback $fallback = null,
        public readonly ?CallOptions $call = null,
    ) {
    }
}
