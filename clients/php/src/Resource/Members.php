<?php

declare(strict_types=1);

namespace Understudy\Client\Resource;

use Understudy\Client\CallOptions;
use Understudy\Client\Data\Member;
use Understudy\Client\Data\SignInCode;
use Understudy\Client\Exception\UnderstudyException;
use Understudy\Client\Http\Call;
use Understudy\Client\Listing;
use Understudy\Client\PageOptions;
use Understudy\Client\Request\MemberChange;
use Understudy\Client\Request\MemberRequest;
use Understudy\Client\Request\Request;
use Understudy\Client\Versioned;

/** People of the workspace. */
final class Members extends Resource
{
    /**
     * List the members, newest first.
     *
     * @return Listing<Member>
     *
     * @throws UnderstudyException while it is iterated
     */
    public function list(?PageOptions $page = null): Listing
    {
        return $this->listing('members.list', '/v1/members', [], $page, Member::fromArray(...));
    }

    /**
     * Read a member.
     *
     * @throws UnderstudyException
     */
    public function get(string $id, ?CallOptions $options = null): Member
    {
        return $this->one(new Call(
            'members.get',
            'GET',
            self::path('/v1/members/{id}', ['id' => $id]),
            $options,
        ), Member::fromArray(...));
    }

    /**
     * With its version, for change() and remove().
     *
     * @return Versioned<Member>
     *
     * @throws UnderstudyException
     */
    public function getWithEtag(string $id, ?CallOptions $options = null): Versioned
    {
        return $this->versioned(new Call(
            'members.get',
            'GET',
            self::path('/v1/members/{id}', ['id' => $id]),
            $options,
        ), Member::fromArray(...));
    }

    /**
     * `$member`: `name`, `role`, and `email`.
     *
     * @param array<string, mixed>|MemberRequest $member
     *
     * @throws UnderstudyException
     */
    public function add(array|MemberRequest $member, ?CallOptions $options = null): Member
    {
        $member = Request::fields($member);

        return $this->one(new Call(
            'members.add',
            'POST',
            '/v1/members',
            $options,
            json: $member,
            idempotent: true,
        ), Member::fromArray(...));
    }

    /**
     * Change name, address, role or whether they may sign in.
     *
     * @param array<string, mixed>|MemberChange $change
     *
     * @throws UnderstudyException
     */
    public function change(string $id, array|MemberChange $change, ?string $ifMatch = null, ?CallOptions $options = null): Member
    {
        $change = Request::fields($change);

        return $this->one(new Call(
            'members.change',
            'PATCH',
            self::path('/v1/members/{id}', ['id' => $id]),
            $options,
            json: $change,
            headers: self::condition($ifMatch),
        ), Member::fromArray(...));
    }

    /**
     * Remove a member; what they did stays under their id.
     *
     * @throws UnderstudyException
     */
    public function remove(string $id, ?string $ifMatch = null, ?CallOptions $options = null): void
    {
        $this->nothing(new Call(
            'members.remove',
            'DELETE',
            self::path('/v1/members/{id}', ['id' => $id]),
            $options,
            headers: self::condition($ifMatch),
        ));
    }

    /**
     * A code that opens one session of the dashboard, once.
     *
     * @throws UnderstudyException
     */
    public function signInCode(string $id, ?CallOptions $options = null): SignInCode
    {
        return $this->one(new Call(
            'members.sign_in_code',
            'POST',
            self::path('/v1/members/{id}/sign-in-codes', ['id' => $id]),
            $options,
            idempotent: true,
        ), SignInCode::fromArray(...));
    }
}
