<?php

declare(strict_types=1);

namespace Understudy\Client\Tests;

use PHPUnit\Framework\TestCase;
use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Http\ServerSentEvents;

final class ServerSentEventsTest extends TestCase
{
    public function testItReadsTheStreamInPiecesOfAnySize(): void
    {
        $stream = "\xEF\xBB\xBF: hello\n\nid: 1\nevent: progress\ndata: {\"a\":\ndata: 1}\n\n"
            . "data:x\r\ndata\r\n\r\nid: 2\revent: done\rdata: ü\r\rdata: cut off";
        $expected = [
            ['id' => '1', 'event' => 'progress', 'data' => "{\"a\":\n1}"],
            ['id' => '1', 'event' => 'message', 'data' => "x\n"],
            ['id' => '2', 'event' => 'done', 'data' => 'ü'],
        ];
        foreach ([1, 2, 3, 7, 1000] as $size) {
            $events = iterator_to_array(ServerSentEvents::parse(str_split($stream, $size)), false);
            self::assertSame($expected, $events, "pieces of $size");
        }
    }

    public function testAnEndlessEventIsGivenUp(): void
    {
        $endless = (static function (): \Generator {
            for (;;) {
                yield 'data: ' . str_repeat('x', 1_000_000) . "\n";
            }
        })();
        $this->expectException(MalformedAnswer::class);
        iterator_to_array(ServerSentEvents::parse($endless), false);
    }
}
