<?php

declare(strict_types=1);

namespace Understudy\Client\Http;

use Understudy\Client\Exception\AuthenticationFailed;
use Understudy\Client\Exception\Conflict;
use Understudy\Client\Exception\InvalidRequest;
use Understudy\Client\Exception\MalformedAnswer;
use Understudy\Client\Exception\NotFound;
use Understudy\Client\Exception\PermissionDenied;
use Understudy\Client\Exception\RateLimited;
use Understudy\Client\Exception\ServerFailed;
use Understudy\Client\Exception\StaleVersion;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Problem;

/**
 * The typed exception of an answer that is not 2xx.
 *
 * @internal
 */
final class Failures
{
    public static function of(int $status, Reply $reply, float $now): UnderstudyException
    {
        // A proxy's HTML is no problem document: the status alone has to do.
        $problem = Problem::fromArray(json_decode($reply->body(), true), $status, $reply->header('x-request-id'));
        $after = RetryPolicy::retryAfter($reply->header('retry-after'), $now);

        return match (true) {
            $status === 401 => new AuthenticationFailed($problem, null, $after),
            $status === 403 => new PermissionDenied($problem, null, $after),
            $status === 404, $status === 410 => new NotFound($problem, null, $after),
            $status === 409 => new Conflict($problem, null, $after),
            $status === 412 => new StaleVersion($problem, null, $after),
            $status === 429 => new RateLimited($problem, null, $after),
            $status >= 500 => new ServerFailed($problem, null, $after),
            $status >= 400 => new InvalidRequest($problem, null, $after),
            default => new MalformedAnswer($problem, null, $after),
        };
    }
}
