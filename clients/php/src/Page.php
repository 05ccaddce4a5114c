<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * One page of a list.
 *
 * @template-covariant T
 *
 * @implements \IteratorAggregate<int, T>
 */
final class Page implements \IteratorAggregate, \Countable
{
    /**
     * @param list<T>     $data
     * @param string|null $nextCursor null: this is the last one
     */
    public function __construct(
        public readonly array $data,
        public readonly ?string $nextCursor,
    ) {
    }

    /**
     * Called by foreach.
     *
     * @return \ArrayIterator<int, T>
     */
    public function getIterator(): \ArrayIterator
    {
        return new \ArrayIterator($this->data);
    }

    /** How many rows the page has. */
    public function count(): int
    {
        return \count($this->data);
    }
}
