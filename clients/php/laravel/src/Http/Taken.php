<?php

declare(strict_types=1);

namespace Understudy\Laravel\Http;

/** What became of a verified event. */
enum Taken
{
    /** The application has it. */
    case Told;
    /** It had it before: nothing was done. */
    case Known;
    /** It could not be handed over now, or another delivery of it is at work. */
    case Later;
}
