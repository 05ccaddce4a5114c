<?php

declare(strict_types=1);

namespace Understudy\Client;

/** What a prediction does when it cannot be answered: server away, time limit, breaker open, key expired, task changed. */
enum Fallback: string
{
    /** It throws an UnderstudyException. */
    case Throw = 'throw';

    /** It returns a decision with outcome `review`, so that the application goes on and a person decides. */
    case Review = 'review';
}
