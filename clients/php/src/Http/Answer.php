<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Internal\Read;
use Understudy\Client\Problem;

/** A 2xx answer. */
final class Answer
{
    public function __construct(
        public readonly int $status,
        public readonly Reply $reply,
        private readonly ?string $body,
    ) {
    }

    /** Names the request in the server's log. */
    public function requestId(): ?string
    {
        return $this->reply->header('x-request-id');
    }

    /** The whole body. */
    public function body(): string
    {
        return $this->body ?? $this->reply->body();
    }

    /**
     * The JSON object in the body.
     *
     * @return array<string, mixed>
     *
     * @throws MalformedAnswer
     */
    public function json(): array
    {
        try {
            $data = json_decode($this->body(), true, 512, JSON_THROW_ON_ERROR | JSON_BIGINT_AS_STRING);
        } catch (\JsonException $exception) {
            throw $this->malformed('something that is not JSON; is it an Understudy server?', $exception);
        }
        if (!\is_array($data) || ($data !== [] && array_is_list($data))) {
            throw $this->malformed('JSON that is no object; is it an Understudy server?');
        }

        return Read::object($data);
    }

    /**
     * The body piece by piece, when it is of the kind that was asked for: a proxy's page is no stream.
     *
     * @return \Generator<int, string>
     *
     * @throws MalformedAnswer
     */
    public function pieces(string $accept): \Generator
    {
        $type = strtolower($this->reply->header('content-type') ?? '');
        if (str_starts_with($type, 'text/html') && $accept !== 'text/html') {
            throw $this->malformed('a page; is it an Understudy server?');
        }

        return $this->reply->pieces();
    }

    /** The exception for an answer that is not what was asked for. */
    public function malformed(string $what, ?\Throwable $previous = null): MalformedAnswer
    {
        $detail = sprintf('the server answered %d with %s', $this->status, $what);
        $problem = new Problem('about:blank', '', $this->status, 'unexpected_answer', $detail, [], $this->requestId());

        return new MalformedAnswer($problem, $previous);
    }
}
