<?php

declare(strict_types=1);

namespace Understudy\Laravel\Http;

use Illuminate\Contracts\Container\Container;
use Illuminate\Http\Request;
use Illuminate\Http\Response;
use Psr\Log\LoggerInterface;
use Understudy\Client\Data\Event;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Webhook\Verifier;

/**
 * Lets through what is signed as Standard Webhooks says, under one of the configured secrets, and not too old. The event
 * is an attribute of the request: VerifyUnderstudyWebhook::event($request).
 */
final class VerifyUnderstudyWebhook
{
    private const ATTRIBUTE = 'understudy.event';

    public function __construct(private readonly Container $app)
    {
    }

    /** @param \Closure(Request): mixed $next */
    public function handle(Request $request, \Closure $next): mixed
    {
        $options = WebhookIntake::options($this->app);
        try {
            $event = (new Verifier($options['secrets'], (int) $options['tolerance']))->verify($request->getContent(), $request->headers->all())->event;
        } catch (InvalidWebhook $invalid) {
            // The answer does not tell a stranger why: that is in the log.
            $this->app->make(LoggerInterface::class)->warning('A webhook was refused: {reason}', ['reason' => $invalid->reason, 'webhook_id' => substr((string) $request->headers->get('webhook-id'), 0, 100)]);

            return new Response('', Response::HTTP_BAD_REQUEST);
        } catch (\InvalidArgumentException $misconfigured) {
            $this->app->make(LoggerInterface::class)->critical('Webhooks cannot be verified: {message}', ['message' => $misconfigured->getMessage()]);

            return new Response('', Response::HTTP_SERVICE_UNAVAILABLE); // Understudy delivers it again.
        }
        $request->attributes->set(self::ATTRIBUTE, $event);

        return $next($request);
    }

    /**
     * The event that this middleware verified.
     *
     * @throws \LogicException when the route does not have the middleware
     */
    public static function event(Request $request): Event
    {
        $event = $request->attributes->get(self::ATTRIBUTE);

        return $event instanceof Event ? $event : throw new \LogicException('The route lacks the middleware ' . self::class . '.');
    }
}
