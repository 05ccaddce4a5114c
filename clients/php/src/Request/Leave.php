<?php

declare(strict_types=1);

namespace Understudy\Client\Request;

/** The value of a field that is not sent, where null says something: that the field is to be emptied. */
enum Leave
{
    /** As it is, or as the server does without it. */
    case Out;
}
