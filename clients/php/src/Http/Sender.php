<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Breaker\CircuitBreaker;
use Understudy\Client\CallOptions;
use Understudy\Client\ClientOptions;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Secret;
use Understudy\Client\UnderstudyClient;

/**
 * Makes requests of calls: address, credential, idempotency key, time limits. Knows nothing of any route.
 *
 * @internal
 */
final class Sender
{
    public readonly RetryPolicy $retry;

    public readonly string $base;

    public function __construct(
        private readonly Transport $transport,
        string $base,
        private readonly ?Secret $bearer,
        public readonly ClientOptions $options,
        public readonly Clock $clock,
        public readonly CircuitBreaker $breaker,
    ) {
        $this->base = rtrim($base, '/');
        $this->retry = new RetryPolicy($options->retryBase, $options->retryCap);
    }

    /**
     * Sends, waits, repeats, and reads.
     *
     * @template T
     *
     * @param \Closure(Answer): T $read
     *
     * @return T
     */
    public function call(Call $call, \Closure $read): mixed
    {
        return $this->start($call)->finish($read);
    }

    /** The first request is on its way; failures show in finish(). */
    public function start(Call $call): Exchange
    {
        $exchange = new Exchange($this, $call, $this->prepare($call));
        $exchange->start();

        return $exchange;
    }

    /** @internal */
    public function transport(): Transport
    {
        return $this->transport;
    }

    public function maxRetries(?CallOptions $options, ?int $default = null): int
    {
        return $options?->maxRetries ?? $default ?? $this->options->maxRetries;
    }

    /**
     * Makes the request of an attempt that may take so many seconds.
     *
     * @return \Closure(float, bool): Request
     */
    private function prepare(Call $call): \Closure
    {
        $query = [];
        foreach ($call->query as $name => $value) {
            if ($value !== null) {
                $query[$name] = \is_bool($value) ? ($value ? 'true' : 'false') : (string) $value;
            }
        }
        $url = $this->base . $call->path
            . ($query === [] ? '' : '?' . http_build_query($query, '', '&', PHP_QUERY_RFC3986));
        $options = $call->options;
        $headers = $call->headers + [
            'accept' => $call->accept,
            'user-agent' => ltrim($this->options->userAgent . ' understudy-php/' . UnderstudyClient::VERSION),
        ];
        if ($options?->traceparent !== null) {
            $headers['traceparent'] = $options->traceparent;
        }
        if ($options?->requestId !== null) {
            $headers['x-request-id'] = $options->requestId;
        }
        if ($call->idempotent) {
            $headers['idempotency-key'] = $options?->idempotencyKey ?? self::uuid();
        }
        $body = $call->body;
        if ($call->json !== null) {
            $headers['content-type'] = 'application/json';
            $body = self::encode($call->json);
        } elseif ($call->contentType !== null) {
            $headers['content-type'] = $call->contentType;
        }
        $secrets = $call->cookie === null ? ['authorization' => $this->bearer] : ['cookie' => $call->cookie];
        $secrets = array_filter($secrets + ['x-csrf-token' => $call->csrfToken]);

        return static fn (float $limit, bool $isRepeat): Request => new Request(
            $call->method,
            $url,
            $headers,
            $body,
            $call->pieces,
            $limit,
            $call->stream,
            $secrets,
            $isRepeat,
        );
    }

    /**
     * @param array<mixed> $json
     *
     * @throws InvalidRequest when it cannot be JSON, e.g. for bytes that are not UTF-8
     */
    public static function encode(array $json): string
    {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_PRESERVE_ZERO_FRACTION;
        try {
            return json_encode($json === [] ? new \stdClass() : $json, $flags);
        } catch (\JsonException $exception) {
            $detail = 'the request cannot be written as JSON: ' . $exception->getMessage();
            throw InvalidRequest::local('invalid_json', $detail, $exception);
        }
    }

    private static function uuid(): string
    {
        $bytes = random_bytes(16);
        $bytes[6] = \chr(\ord($bytes[6]) & 0x0f | 0x40);
        $bytes[8] = \chr(\ord($bytes[8]) & 0x3f | 0x80);

        return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split(bin2hex($bytes), 4));
    }
}
