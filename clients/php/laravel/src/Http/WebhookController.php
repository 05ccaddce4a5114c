<?php

declare(strict_types=1);

namespace Understudy\Laravel\Http;

use Illuminate\Http\Request;
use Illuminate\Http\Response;

/** Takes Understudy's webhooks and callbacks, behind VerifyUnderstudyWebhook. */
final class WebhookController
{
    public function __construct(private readonly WebhookIntake $intake)
    {
    }

    public function __invoke(Request $request): Response
    {
        return new Response('', match ($this->intake->take(VerifyUnderstudyWebhook::event($request))) {
            Taken::Told, Taken::Known => Response::HTTP_NO_CONTENT,
            Taken::Later => Response::HTTP_SERVICE_UNAVAILABLE, // Understudy delivers it again.
        });
    }
}
