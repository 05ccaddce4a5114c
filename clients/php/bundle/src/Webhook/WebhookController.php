<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Webhook;

use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpFoundation\Response;

/** Takes Understudy's webhooks and callbacks, in every supported Symfony. Import config/routes/webhook.php of the bundle. */
final class WebhookController
{
    public function __construct(private readonly WebhookIntake $intake)
    {
    }

    public function __invoke(Request $request): Response
    {
        // Neither body tells a stranger why: that is in the log.
        return new Response('', match ($this->intake->take($request->getContent(), $request->headers)) {
            Taken::Told, Taken::Known => Response::HTTP_NO_CONTENT,
            Taken::Refused => Response::HTTP_BAD_REQUEST,
            // Understudy delivers it again.
            Taken::Later => Response::HTTP_SERVICE_UNAVAILABLE,
        });
    }
}
