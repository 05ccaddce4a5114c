<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Psr\Http\Message\ResponseInterface;
use Understudy\Client\Exception\ConnectionFailed;

/** @internal */
final class Psr18Reply implements Reply
{
    private ?ResponseInterface $response = null;

    /** @param \Closure(): ResponseInterface $send */
    public function __construct(private readonly \Closure $send)
    {
    }

    public function status(): int
    {
        return $this->response()->getStatusCode();
    }

    public function header(string $name): ?string
    {
        $values = $this->response()->getHeader($name);

        return $values === [] ? null : reset($values);
    }

    public function body(): string
    {
        return implode('', iterator_to_array($this->pieces(), false));
    }

    public function pieces(): \Generator
    {
        $body = $this->response()->getBody();
        $size = $this->header('content-encoding') === null ? $this->header('content-length') : null;
        $read = 0;
        try {
            if ($body->isSeekable()) {
                $body->rewind(); // some hand it over at its end
            }
            while (!$body->eof()) {
                $piece = $body->read(65536);
                $read += \strlen($piece);
                if ($piece !== '') {
                    yield $piece;
                }
            }
        } catch (\RuntimeException $exception) {
            throw ConnectionFailed::local('connection_failed', 'the answer broke off', $exception);
        }
        if ($size !== null && ctype_digit($size) && $read < (int) $size) {
            throw ConnectionFailed::local('connection_failed', sprintf('%d of %d bytes came', $read, (int) $size));
        }
    }

    public function cancel(): void
    {
        if ($this->response !== null) {
            $this->response->getBody()->close();
        }
    }

    private function response(): ResponseInterface
    {
        return $this->response ??= ($this->send)();
    }
}
