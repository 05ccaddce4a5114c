<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Symfony\Contracts\HttpClient\Exception\ExceptionInterface;
use Symfony\Contracts\HttpClient\HttpClientInterface;
use Understudy\Client\Internal\Hidden;

/** Over symfony/http-client: requests run side by side, nothing waits before it must. */
final class SymfonyTransport implements Transport
{
    /** @var Hidden<HttpClientInterface> it holds the options of requests that are under way */
    private readonly Hidden $client;

    public function __construct(HttpClientInterface $client)
    {
        $this->client = new Hidden($client);
    }

    public function send(Request $request): Reply
    {
        $options = [
            'headers' => $request->headers(),
            'timeout' => $request->timeout,
            // A long upload or stream is not slow as long as something moves.
            'max_duration' => $request->stream || $request->pieces !== null ? 0 : $request->timeout,
            'max_redirects' => 0, // a credential does not follow a redirect to another host
            'buffer' => !$request->stream,
        ];
        if ($request->isRepeat && \defined('CURLOPT_FRESH_CONNECT')) {
            $options['extra'] = ['curl' => [\CURLOPT_FRESH_CONNECT => true]];
        }
        $failure = null;
        if ($request->pieces !== null) {
            $options['body'] = self::reader($request->pieces, $failure);
        } elseif ($request->body !== null) {
            $options['body'] = $request->body;
        }
        try {
            $response = $this->client->value()->request($request->method, $request->url, $options);
        } catch (ExceptionInterface $exception) {
            throw SymfonyReply::failure($exception, $request->timeout);
        }

        return new SymfonyReply($this->client->value(), $response, $request->timeout, $failure);
    }

    /**
     * @param \Closure(): iterable<string> $pieces
     *
     * @return \Closure(int): string
     */
    private static function reader(\Closure $pieces, ?\Throwable &$failure): \Closure
    {
        $iterator = null;

        return static function (int $size) use ($pieces, &$iterator, &$failure): string {
            try {
                $iterator ??= (static fn (): \Generator => yield from $pieces())();
                while ($iterator->valid()) {
                    $piece = $iterator->current();
                    $iterator->next();
                    if ($piece !== '') {
                        return $piece;
                    }
                }

                return '';
            } catch (\Throwable $broken) {
                // Ends the request without an end of the body: the server must not take a part for the whole.
                $failure = $broken;
                throw $broken;
            }
        };
    }
}
