<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\MalformedAnswer;

/**
 * Parses an event stream (WHATWG HTML, 9.2.6). An event that the end of the stream cuts off is dropped, as the standard
 * says.
 *
 * @internal
 */
final class ServerSentEvents
{
    private const LONGEST_EVENT = 16 * 1024 * 1024;

    /**
     * @param iterable<string> $pieces
     *
     * @return \Generator<int, array{id: string, event: string, data: string}>
     */
    public static function parse(iterable $pieces): \Generator
    {
        $pending = $id = $event = '';
        $data = [];
        $size = 0;
        $first = true;
        foreach ($pieces as $piece) {
            $pending .= $piece;
            if ($first && \strlen($pending) >= 3) {
                $first = false;
                $pending = str_starts_with($pending, "\xEF\xBB\xBF") ? substr($pending, 3) : $pending;
            }
            if (\strlen($pending) + $size > self::LONGEST_EVENT) {
                throw MalformedAnswer::local('unexpected_answer', 'an event is larger than 16 MiB');
            }
            // A CR at the very end may be the first half of CRLF.
            $lines = preg_split('/\r\n|\n|\r(?!\z)/', $pending);
            \assert($lines !== false);
            $pending = array_pop($lines) ?? '';
            foreach ($lines as $line) {
                if ($line === '') {
                    if ($data !== []) {
                        $name = $event === '' ? 'message' : $event;
                        yield ['id' => $id, 'event' => $name, 'data' => implode("\n", $data)];
                    }
                    $event = '';
                    $data = [];
                    $size = 0;
                    continue;
                }
                [$field, $content] = explode(':', $line, 2) + [1 => ''];
                $content = str_starts_with($content, ' ') ? substr($content, 1) : $content;
                if ($field === 'data') {
                    $data[] = $content;
                    $size += \strlen($content);
                } elseif ($field === 'event') {
                    $event = $content;
                } elseif ($field === 'id' && !str_contains($content, "\0")) {
                    $id = $content;
                }
            }
        }
    }
}
