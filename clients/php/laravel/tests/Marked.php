<?php

declare(strict_types=1);

namespace Understudy\Laravel\Tests;

use Illuminate\Http\Request;
use Symfony\Component\HttpFoundation\Response;

/** A middleware of an application. */
final class Marked
{
    public function handle(Request $request, \Closure $next): Response
    {
        $response = $next($request);
        $response->headers->set('x-marked', 'yes');

        return $response;
    }
}
