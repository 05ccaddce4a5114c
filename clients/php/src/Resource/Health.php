<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Readiness;
use Understudy\Client\Data\ServerVersion;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Answer;
use Understudy\Client\Http\Call;
use Understudy\Client\Internal\Read;
use Understudy\Client\ServerReadiness;

/** How the server does. Asked also while the breaker is open, and not repeated unless the options say so. */
final class Health extends Resource
{
    /**
     * Returns when the process answers.
     *
     * @throws UnderstudyException
     */
    public function live(?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'health.live',
            'GET',
            '/healthz/live',
            $options,
            accept: '*/*',
            maxRetries: 0,
            alwaysTry: true,
        ));
    }

    /**
     * A server that says that it is not ready is an answer, no failure.
     *
     * @throws UnderstudyException
     */
    public function ready(?CallOptions $options = null): ServerReadiness
    {
        $call = new Call('health.ready', 'GET', '/healthz/ready', $options, maxRetries: 0, alwaysTry: true);

        return $this->sender->start($call)->finish(
            static fn (Answer $answer): ServerReadiness
                => new ServerReadiness(true, Readiness::fromArray($answer->json())),
            refused: static fn (int $status, string $body): ?ServerReadiness => $status === 503
                ? new ServerReadiness(false, Readiness::fromArray(
                    Read::object(json_decode($body, true)) + ['status' => 'not_ready'],
                ))
                : null,
        );
    }

    /**
     * What runs here.
     *
     * @throws UnderstudyException
     */
    public function version(?CallOptions $options = null): ServerVersion
    {
        return $this->one(
            new Call('health.version', 'GET', '/version', $options, alwaysTry: true),
            ServerVersion::fromArray(...),
        );
    }

    /**
     * In the text format of Prometheus; needs the scope `metrics:read`.
     *
     * @throws UnderstudyException
     */
    public function metrics(?CallOptions $options = null): string
    {
        return $this->sender->call(
            new Call('health.metrics', 'GET', '/metrics', $options, accept: '*/*', alwaysTry: true),
            static fn (Answer $answer): string => $answer->body(),
        );
    }

    /**
     * The OpenAPI document of this server.
     *
     * @return array<string, mixed>
     *
     * @throws UnderstudyException
     */
    public function openapi(?CallOptions $options = null): array
    {
        return $this->sender->call(
            new Call('health.openapi', 'GET', '/openapi.json', $options, alwaysTry: true),
            static fn (Answer $answer): array => $answer->json(),
        );
    }
}
