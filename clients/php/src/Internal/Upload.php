<?php

declare(strict_types=1);

namespace Understudy\Client\Internal;

use Understudy\Client\ImportOptions;

/**
 * The body of an import, made while it is sent: rows become NDJSON in pieces of some 32 KiB, so that memory stays constant
 * however many there are.
 *
 * @internal
 */
final class Upload
{
    private const PIECE = 32768;

    /** @param string|iterable<mixed>|\Closure(): iterable<mixed> $source */
    public function __construct(
        private readonly string|iterable|\Closure $source,
        private readonly ImportOptions $options,
    ) {
    }

    /** A generator or another one-way source is used up by the first attempt; the rest can be sent again. */
    public function isRepeatable(): bool
    {
        return \is_string($this->source) || \is_array($this->source) || $this->source instanceof \Closure
            || $this->source instanceof \IteratorAggregate;
    }

    /** @return \Generator<int, string> */
    public function pieces(): \Generator
    {
        $deflate = $this->options->gzip ? deflate_init(ZLIB_ENCODING_GZIP) : null;
        $taken = 0;
        foreach ($this->plain() as $piece) {
            $taken += \strlen($piece);
            if ($this->options->progress !== null) {
                ($this->options->progress)($taken);
            }
            yield $deflate instanceof \DeflateContext ? (string) deflate_add($deflate, $piece, ZLIB_NO_FLUSH) : $piece;
        }
        if ($deflate instanceof \DeflateContext) {
            yield (string) deflate_add($deflate, '', ZLIB_FINISH);
        }
    }

    /** @return \Generator<int, string> */
    private function plain(): \Generator
    {
        $source = $this->source instanceof \Closure ? ($this->source)() : $this->source;
        if (\is_string($source)) {
            for ($at = 0; $at < \strlen($source); $at += self::PIECE) {
                yield substr($source, $at, self::PIECE);
            }

            return;
        }
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;
        $pending = '';
        $line = 0;
        foreach ($source as $row) {
            $line++;
            if (\is_string($row)) {
                $pending .= $row; // text that is in the format already, e.g. the lines of a file
            } else {
                try {
                    $pending .= json_encode($row, $flags) . "\n";
                } catch (\JsonException $exception) {
                    throw new \InvalidArgumentException(
                        'example ' . $line . ' cannot be written as JSON: ' . $exception->getMessage(),
                        0,
                        $exception,
                    );
                }
            }
            if (\strlen($pending) >= self::PIECE) {
                yield $pending;
                $pending = '';
            }
        }
        if ($pending !== '') {
            yield $pending;
        }
    }
}
