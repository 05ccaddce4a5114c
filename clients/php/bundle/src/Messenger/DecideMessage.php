<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Messenger;

/**
 * One item to decide outside of the request, over whatever transport the application routes it to. The result comes back
 * as DecisionMade. Plain values only: it survives PHP's serialiser and Symfony's.
 */
final class DecideMessage
{
    /** Names the item over all deliveries of this message: repeats do not decide it twice. */
    public readonly string $id;

    /**
     * @param string                                    $task       slug
     * @param string|array<string, mixed>               $input      text or the input object
     * @param string|null                               $externalId your id of the item; comes back with the result
     * @param string|null                               $subject    whom or what the item is about
     * @param array<string, string|int|float|bool|null> $attributes facts about the item that are not input
     * @param array<string, string|int|float|bool|null> $context    comes back with the result, is not sent to Understudy
     * @param string|null                               $client     name of the client; null: the default one
     * @param string|null                               $id         null: a random one
     */
    public function __construct(
        public readonly string $task,
        public readonly string|array $input,
        public readonly ?string $externalId = null,
        public readonly ?string $subject = null,
        public readonly array $attributes = [],
        public readonly array $context = [],
        public readonly ?string $client = null,
        ?string $id = null,
    ) {
        $this->id = $id ?? bin2hex(random_bytes(16));
    }
}
