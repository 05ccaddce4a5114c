<?php

declare(strict_types=1);

namespace Understudy\SymfonyBundle\Webhook;

/** What became of a delivery. */
enum Taken
{
    /** The application has it. */
    case Told;
    /** It had it before: nothing was done. */
    case Known;
    /** Not from the server that has the secret, or not from now. */
    case Refused;
    /** It could not be handed over now. */
    case Later;
}
