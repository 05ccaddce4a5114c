<?php

declare(strict_types=1);

namespace Understudy\Client\Exception;

/** 409: the resource is in a state that does not allow this. */
class Conflict extends UnderstudyException
{
}
