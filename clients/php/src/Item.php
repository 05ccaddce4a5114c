<?php

declare(strict_types=1);

namespace Understudy\Client;

/** An item of predictMany() that has more than its input. */
final class Item
{
    /**
     * @param string|array<string, mixed>              $input      text or the input object
     * @param string|null                              $subject    whom or what the item is about
     * @param string|null                              $externalId your id of the item
     * @param array<string, string|int|float|bool|null>|null $attributes facts about the item that are not input
     */
    public function __construct(
        public readonly string|array $input,
        public readonly ?string $subject = null,
        public readonly ?string $externalId = null,
        public readonly ?array $attributes = null,
    ) {
    }
}
