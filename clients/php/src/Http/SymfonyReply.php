<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Symfony\Contracts\HttpClient\Exception\ExceptionInterface;
use Symfony\Contracts\HttpClient\Exception\TimeoutExceptionInterface;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Symfony\Contracts\HttpClient\ResponseInterface;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;
use Understudy\Client\Internal\Hidden;

/** @internal */
final class SymfonyReply implements Reply
{
    private bool $done = false;

    /** @var Hidden<HttpClientInterface> */
    private readonly Hidden $client;

    /** @var Hidden<ResponseInterface> it knows what was sent */
    private readonly Hidden $response;

    private ?\Throwable $sourceFailure;

    private readonly float $startedAt;

    /** @param \Throwable|null $sourceFailure set when the caller's own source of the body broke; thrown as it is */
    public function __construct(
        HttpClientInterface $client,
        ResponseInterface $response,
        private readonly float $timeout,
        ?\Throwable &$sourceFailure,
    ) {
        $this->client = new Hidden($client);
        $this->response = new Hidden($response);
        $this->sourceFailure = &$sourceFailure;
        $this->startedAt = microtime(true);
    }

    public function __destruct()
    {
        $this->cancel(); // an unread response would wait, and throw, in its destructor
    }

    public function status(): int
    {
        return $this->guard(fn (): int => $this->response->value()->getStatusCode());
    }

    public function header(string $name): ?string
    {
        return $this->guard(fn (): ?string => $this->response->value()->getHeaders(false)[$name][0] ?? null);
    }

    public function body(): string
    {
        $body = $this->guard(fn (): string => $this->response->value()->getContent(false));
        $this->done = true;

        return $body;
    }

    public function pieces(): \Generator
    {
        try {
            foreach ($this->client->value()->stream($this->response->value(), $this->timeout) as $chunk) {
                if ($chunk->isTimeout()) {
                    throw TimeLimitExceeded::local('time_limit', sprintf('nothing came for %g s', $this->timeout));
                }
                $content = $chunk->getContent();
                if ($content !== '') {
                    yield $content;
                }
            }
            $this->done = true;
        } catch (ExceptionInterface $exception) {
            throw self::failure($exception, $this->timeout);
        } finally {
            $this->cancel();
        }
    }

    public function cancel(): void
    {
        if (!$this->done) {
            $this->done = true;
            $this->response->value()->cancel();
        }
    }

    public static function failure(
        ExceptionInterface $exception,
        float $timeout,
        float $elapsed = 0.0,
    ): ConnectionFailed|TimeLimitExceeded {
        // Not chained: the trace of that exception holds the request with its credential.
        $text = $exception->getMessage();
        // PHP's own streams do not say why they end: then the time that went by does.
        $isTimeout = $exception instanceof TimeoutExceptionInterface
            || $elapsed >= $timeout
            || preg_match('/time-?out|timed out|max(imum)? duration/i', $text) === 1;

        return $isTimeout
            ? TimeLimitExceeded::local('time_limit', sprintf('no answer within %g s', $timeout))
            : ConnectionFailed::local('connection_failed', 'no whole answer: ' . $text);
    }

    /**
     * @template T
     *
     * @param \Closure(): T $read
     *
     * @return T
     */
    private function guard(\Closure $read): mixed
    {
        try {
            return $read();
        } catch (ExceptionInterface $exception) {
            $this->cancel();
            throw $this->sourceFailure ?? self::failure($exception, $this->timeout, microtime(true) - $this->startedAt);
        }
    }
}
