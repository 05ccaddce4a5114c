<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Doctrine;

/**
 * Decides an entity when it is saved, and again when the field changes. Works when `understudy.doctrine.enabled` is on.
 *
 *     #[Decide(task: 'comment-moderation', field: 'body')]
 *     class Comment {}
 */
#[\Attribute(\Attribute::TARGET_CLASS | \Attribute::IS_REPEATABLE)]
final class Decide
{
    /**
     * @param string      $task    slug
     * @param string      $field   property with the text
     * @param string|null $subject property with whom or what the item is about
     * @param bool        $updates decide again when the field is changed
     * @param string|null $client  name of the client; null: the default one
     */
    public function __construct(
        public readonly string $task,
        public readonly string $field,
        public readonly ?string $subject = null,
        public readonly bool $updates = true,
        public readonly ?string $client = null,
    ) {
    }
}
