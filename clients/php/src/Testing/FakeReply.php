<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Reply;

/** An answer that was there before the question. */
final class FakeReply implements Reply
{
    /**
     * @param array<string, string>    $headers lower-case names
     * @param UnderstudyException|null $failure thrown when the body is asked for: the connection broke there
     */
    public function __construct(
        private readonly int $status = 200,
        private readonly string $body = '',
        private readonly array $headers = [],
        private readonly ?UnderstudyException $failure = null,
    ) {
    }

    /**
     * An answer with this JSON body.
     *
     * @param array<mixed>          $json
     * @param array<string, string> $headers
     */
    public static function json(array $json, int $status = 200, array $headers = []): self
    {
        return new self($status, json_encode($json, JSON_THROW_ON_ERROR), $headers);
    }

    /** A problem document. */
    public static function problem(int $status, string $code, string $detail = '', ?float $retryAfter = null): self
    {
        $headers = ['x-request-id' => 'req_fake'];
        if ($retryAfter !== null) {
            $headers['retry-after'] = (string) $retryAfter;
        }

        return self::json([
            'type' => 'urn:understudy:error:' . $code,
            'title' => str_replace('_', ' ', $code),
            'status' => $status,
            'detail' => $detail === '' ? 'the fake says ' . $code : $detail,
            'code' => $code,
            'request_id' => 'req_fake',
        ], $status, $headers);
    }

    public function status(): int
    {
        return $this->status;
    }

    public function header(string $name): ?string
    {
        return $this->headers[$name] ?? null;
    }

    public function body(): string
    {
        if ($this->failure !== null) {
            throw $this->failure;
        }

        return $this->body;
    }

    public function pieces(): \Generator
    {
        yield $this->body;
        if ($this->failure !== null) {
            throw $this->failure;
        }
    }

    public function cancel(): void
    {
    }
}
