<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * A list: iterated, it is all rows, page after page as they are needed; `page()` is one page.
 *
 * @template T
 *
 * @implements \IteratorAggregate<int, T>
 */
final class Listing implements \IteratorAggregate
{
    /** @param \Closure(string|null): Page<T> $load one page from a cursor */
    public function __construct(
        private readonly \Closure $load,
        private readonly ?string $start = null,
    ) {
    }

    /**
     * The first page, or that of the cursor it was asked with.
     *
     * @return Page<T>
     */
    public function page(): Page
    {
        return ($this->load)($this->start);
    }

    /**
     * Page after page, for those who keep a cursor.
     *
     * @return \Generator<int, Page<T>>
     */
    public function pages(): \Generator
    {
        $cursor = $this->start;
        do {
            $page = ($this->load)($cursor);
            yield $page;
            // A server that repeats a cursor would be read for ever.
            $cursor = $page->nextCursor === $cursor ? null : $page->nextCursor;
        } while ($cursor !== null);
    }

    /**
     * Called by foreach: row after row, page after page.
     *
     * @return \Generator<int, T>
     */
    public function getIterator(): \Generator
    {
        $row = 0;
        foreach ($this->pages() as $page) {
            foreach ($page->data as $value) {
                yield $row++ => $value;
            }
        }
    }

    /** @return array<string, mixed> */
    public function __debugInfo(): array
    {
        return ['cursor' => $this->start];
    }
}
