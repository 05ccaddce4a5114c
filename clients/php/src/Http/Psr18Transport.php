<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Psr\Http\Client\ClientExceptionInterface;
use Psr\Http\Client\ClientInterface;
use Psr\Http\Message\RequestFactoryInterface;
use Psr\Http\Message\StreamFactoryInterface;
use Understudy\Client\Exception\ConnectionFailed;
use Understudy\Client\Exception\TimeLimitExceeded;

/**
 * Over any PSR-18 client. The standard knows neither time limits nor requests side by side: set the client's own time
 * limit and switch its redirects off; what is lazy here is sent when its answer is asked for.
 */
final class Psr18Transport implements Transport
{
    public function __construct(
        private readonly ClientInterface $client,
        private readonly RequestFactoryInterface $requests,
        private readonly StreamFactoryInterface $streams,
    ) {
    }

    public function send(Request $request): Reply
    {
        $message = $this->requests->createRequest($request->method, $request->url);
        foreach ($request->headers() as $name => $value) {
            $message = $message->withHeader($name, $value);
        }
        if ($request->pieces !== null) {
            $file = fopen('php://temp/maxmemory:1048576', 'w+b');
            \assert($file !== false);
            foreach (($request->pieces)() as $piece) {
                fwrite($file, $piece);
            }
            rewind($file);
            $message = $message->withBody($this->streams->createStreamFromResource($file));
        } elseif ($request->body !== null) {
            $message = $message->withBody($this->streams->createStream($request->body));
        }

        return new Psr18Reply(function () use ($message, $request) {
            try {
                return $this->client->sendRequest($message);
            } catch (ClientExceptionInterface $exception) {
                // Not chained: the trace of that exception holds the request with its credential.
                $text = $exception->getMessage();
                throw preg_match('/time-?out|timed out|max(imum)? duration/i', $text) === 1
                    ? TimeLimitExceeded::local('time_limit', sprintf('no answer within %g s', $request->timeout))
                    : ConnectionFailed::local('connection_failed', 'no whole answer: ' . $text);
            }
        });
    }
}
