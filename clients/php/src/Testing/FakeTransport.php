<?php

declare(strict_types=1);

namespace Understudy\Client\Testing;

use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Reply;
use Understudy\Client\Http\Request;
use Understudy\Client\Http\Transport;

/** Hands every request to a closure and remembers it: the real client in front of no server. */
final class FakeTransport implements Transport
{
    /** @var list<RecordedRequest> */
    private array $requests = [];

    /** @param \Closure(RecordedRequest): (Reply|UnderstudyException) $answer an exception is thrown */
    public function __construct(private readonly \Closure $answer)
    {
    }

    public function send(Request $request): Reply
    {
        $parts = parse_url($request->url) ?: [];
        parse_str($parts['query'] ?? '', $query);
        $body = $request->body ?? '';
        if ($request->pieces !== null) {
            foreach (($request->pieces)() as $piece) {
                $body .= $piece;
            }
        }
        $headers = array_diff_key($request->headers(), ['authorization' => '', 'cookie' => '', 'x-csrf-token' => '']);
        $recorded = new RecordedRequest(
            $request->method,
            rawurldecode($parts['path'] ?? '/'),
            array_filter($query, is_string(...)),
            $headers,
            $body,
        );
        $this->requests[] = $recorded;
        $answer = ($this->answer)($recorded);
        if ($answer instanceof UnderstudyException) {
            throw $answer;
        }

        return $answer;
    }

    /**
     * What was sent so far.
     *
     * @return list<RecordedRequest>
     */
    public function requests(): array
    {
        return $this->requests;
    }
}
