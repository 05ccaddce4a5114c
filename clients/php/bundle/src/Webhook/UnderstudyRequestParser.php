<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Webhook;

use Symfony\Component\HttpFoundation\ChainRequestMatcher;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\RequestMatcher\IsJsonRequestMatcher;
use Symfony\Component\HttpFoundation\RequestMatcher\MethodRequestMatcher;
use Symfony\Component\HttpFoundation\RequestMatcherInterface;
use Symfony\Component\RemoteEvent\RemoteEvent;
use Symfony\Component\Webhook\Client\AbstractRequestParser;
use Symfony\Component\Webhook\Exception\RejectWebhookException;
use Understudy\Client\Exception\InvalidWebhook;
use Understudy\Client\Webhook\Verifier;

/**
 * Understudy's webhooks for symfony/webhook, 6.4 and later. Its own parser expects another kind of signature. The secret
 * is that of `framework.webhook.routing`; two, parted by a space, while you change over.
 */
final class UnderstudyRequestParser extends AbstractRequestParser
{
    public function __construct(private readonly int $tolerance = 300)
    {
    }

    protected function getRequestMatcher(): RequestMatcherInterface
    {
        return new ChainRequestMatcher([new MethodRequestMatcher('POST'), new IsJsonRequestMatcher()]);
    }

    protected function doParse(Request $request, #[\SensitiveParameter] string $secret): RemoteEvent
    {
        try {
            $event = (new Verifier(preg_split('/\s+/', trim($secret)) ?: [], $this->tolerance))->verify($request->getContent(), $request->headers->all())->event;
        } catch (InvalidWebhook | \InvalidArgumentException $refused) {
            throw new RejectWebhookException(401, 'The signature is refused.', $refused);
        }

        return new RemoteEvent($event->type, $event->id, $event->toArray());
    }
}
