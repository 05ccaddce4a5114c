<?php

declare(strict_types=1);

namespace Understudy\Client;

/**
 * An answer that is read piece by piece, in constant memory; once.
 *
 * @implements \IteratorAggregate<int, string>
 */
final class Download implements \IteratorAggregate
{
    /** @param \Generator<int, string> $pieces */
    public function __construct(private readonly \Generator $pieces)
    {
    }

    /**
     * Pieces as they come.
     *
     * @return \Generator<int, string>
     *
     * @throws Exception\UnderstudyException when it breaks off
     */
    public function getIterator(): \Generator
    {
        return $this->pieces;
    }

    /**
     * Each line, without its end.
     *
     * @return \Generator<int, string>
     */
    public function lines(): \Generator
    {
        $pending = '';
        foreach ($this->pieces as $piece) {
            $lines = explode("\n", $pending . $piece);
            $pending = array_pop($lines);
            foreach ($lines as $line) {
                yield $line;
            }
        }
        if ($pending !== '') {
            yield $pending;
        }
    }

    /**
     * Writes all of it to a file or stream.
     *
     * @param resource $stream
     *
     * @return int bytes written
     */
    public function writeTo($stream): int
    {
        $written = 0;
        foreach ($this->pieces as $piece) {
            if (fwrite($stream, $piece) !== \strlen($piece)) {
                throw new \RuntimeException('the stream did not take what came');
            }
            $written += \strlen($piece);
        }

        return $written;
    }

    /** All of it at once. */
    public function text(): string
    {
        $text = '';
        foreach ($this->pieces as $piece) {
            $text .= $piece;
        }

        return $text;
    }
}
