<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** The answer is not what an Understudy server says: HTML, half a document, wrong JSON. Is the address right? */
final class MalformedAnswer extends UnderstudyException
{
}
